import { createCodec, startCodecServer } from '../../vault/index.js';
import { loadClientSettings } from '../../settings/client.js';
import { TenantryError } from '../../contract/errors.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';
import { toldToStop } from './stopping.js';

const UI = ['http://127.0.0.1:8233', 'http://localhost:8233'];

interface CodecOptions {
  host?: string;
  port?: number;
  uiOrigin?: string[];
}

/** `tenantry codec`: decrypts for Temporal's UI and command line until it is told to stop. */
export async function codec({ port = 0, uiOrigin = UI, ...place }: CodecOptions): Promise<number> {
  const { keys } = loadClientSettings();
  if (keys === undefined)
    throw new TenantryError('refused', 'TENANTRY_CODEC_KEYS: is missing; give the keys that the workers have.');
  const server = await startCodecServer(createCodec(keys), { ...place, port, origins: uiOrigin }).catch(
    (error: unknown) => {
      throw new TenantryError(
        'internal',
        `The codec server cannot listen on port ${port}: ${(error as Error).message}`,
      );
    },
  );
  stdout(JSON.stringify({ url: server.url }));
  stderr(`Asked from ${uiOrigin.join(', ')} only. In Temporal's UI enter ${server.url} as codec server endpoint.`);
  await toldToStop();
  await server.close();
  return Exit.done;
}

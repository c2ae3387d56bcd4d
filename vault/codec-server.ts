import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payloads } = proto.temporal.api.common.v1;
const MOST_BYTES = 16 * 1024 * 1024;

export interface CodecServerOptions {
  /** 127.0.0.1 unless given. */
  host?: string;
  /** 0: a free one. */
  port: number;
  /** Origins of the web UIs that may ask, such as http://127.0.0.1:8233. */
  origins: readonly string[];
}

export interface CodecServer {
  url: string;
  close(): Promise<void>;
}

/**
 * Encrypts and decrypts for Temporal's UI and command line: who can reach it can read every run. Browsers are let in from the given origins
 * alone.
 * @see https://docs.temporal.io/codec-server
 */
export async function serveCodec(
  codec: PayloadCodec,
  { host = '127.0.0.1', port, origins }: CodecServerOptions,
): Promise<CodecServer> {
  const server = createServer((request, response) => {
    void handle(codec, origins, request, response).catch((error: unknown) => {
      if (!response.headersSent) end(response, 400, { error: (error as Error).message });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handle(
  codec: PayloadCodec,
  origins: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { origin } = request.headers;
  if (origin !== undefined && !origins.includes(origin)) return end(response, 403, { error: `${origin} may not ask` });
  if (origin !== undefined) allow(response, origin);
  if (request.method === 'OPTIONS') return end(response, 204);
  const path = new URL(request.url ?? '/', 'http://codec').pathname;
  const act = path.endsWith('/decode') ? codec.decode : path.endsWith('/encode') ? codec.encode : undefined;
  if (act === undefined || request.method !== 'POST')
    return end(response, 404, { error: 'there are POST /encode and POST /decode' });
  const { payloads } = Payloads.fromObject(JSON.parse(await bodyOf(request)) as object);
  const changed = await act.call(codec, payloads ?? []);
  end(response, 200, Payloads.toObject(Payloads.fromObject({ payloads: changed }), { bytes: String }));
}

function allow(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-methods', 'POST');
  response.setHeader('access-control-allow-headers', 'content-type,x-namespace,authorization,caller-type');
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('vary', 'origin');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Error('the body is larger than 16 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function end(response: ServerResponse, status: number, body?: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

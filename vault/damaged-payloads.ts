import { fileURLToPath } from 'node:url';
import { METADATA_ENCODING_KEY, type DataConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import { dataConverter } from './codec.js';
import { DamageError } from './encryption.js';
import type { KeyRing } from './keys.js';

/** The payload converter gives the error for this encoding. */
const UNREADABLE = 'binary/unreadable';

/** Path of the payload converter, for the workflow bundle. */
export const payloadConverterPath = fileURLToPath(new URL('./payload-converter.cjs', import.meta.url));

/**
 * How workers turn values into payloads: as clients do, but a payload of a workflow that is damaged only fails when
 * somebody converts it. So a damaged Update is refused and a damaged signal can be dropped; before, each stalled its run
 * for ever. All other payloads, and those whose key is missing, fail at once, and their run waits.
 */
export function workerDataConverter(keys: KeyRing | undefined): DataConverter {
  if (keys === undefined) return dataConverter(keys);
  const { payloadCodecs = [], ...same } = dataConverter(keys);
  return { ...same, payloadConverterPath, payloadCodecs: payloadCodecs.map(markingDamage) };
}

function markingDamage(codec: PayloadCodec): PayloadCodec {
  return {
    ...codec,
    decode: async (payloads, context) =>
      await Promise.all(
        payloads.map(async (payload) => {
          try {
            const [plain = payload] = await codec.decode([payload], context);
            return plain;
          } catch (error) {
            if (!(error instanceof DamageError) || context?.type !== 'workflow') throw error;
            return toUnreadable(error.message);
          }
        }),
      ),
  };
}

function toUnreadable(why: string): Payload {
  return { metadata: { [METADATA_ENCODING_KEY]: Buffer.from(UNREADABLE) }, data: Buffer.from(why) };
}

/** Why a payload could not be decrypted; undefined for every other payload. */
export function whyUnreadable({ metadata, data }: Payload): string | undefined {
  const encoding = metadata?.[METADATA_ENCODING_KEY];
  if (!encoding || Buffer.from(encoding).toString() !== UNREADABLE) return undefined;
  return Buffer.from(data ?? []).toString();
}

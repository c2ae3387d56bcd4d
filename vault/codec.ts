import { fileURLToPath } from 'node:url';
import { METADATA_ENCODING_KEY, type DataConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { DamageError, decrypt, DecryptionError, encrypt } from './encryption.js';
import type { KeyRing } from './keys.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

/** Path of the failure converter, for the workflow bundle. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/**
 * How clients and workers turn values into payloads. With keys, payloads are encrypted. Without keys they are not, and
 * encrypted payloads fail with a `DecryptionError`.
 */
export function dataConverter(keys: KeyRing | undefined): DataConverter {
  const payloadCodecs = [createCodec(keys)];
  return keys === undefined ? { payloadCodecs } : { failureConverterPath, payloadCodecs };
}

/**
 * Encrypts everything that Temporal keeps of a run: inputs, results, failures, summaries, memos, heartbeats. Payloads
 * of others pass through unchanged, so that a run can be started without the codec. A payload whose key is missing
 * fails with a `DecryptionError`. Without keys nothing is encrypted.
 * @see https://docs.temporal.io/payload-codec
 */
export function createCodec(keys: KeyRing | undefined): PayloadCodec {
  return {
    encode: async (payloads) =>
      payloads.map((payload) => (keys && !isEncrypted(payload) ? encode(payload, keys) : payload)),
    decode: async (payloads) => payloads.map((payload) => (isEncrypted(payload) ? decode(payload, keys) : payload)),
  };
}

function isEncrypted({ metadata }: Payload): boolean {
  return toText(metadata?.[METADATA_ENCODING_KEY]) === ENCODING && metadata?.[KEY_ID] !== undefined;
}

function encode(payload: Payload, { current }: KeyRing): Payload {
  const plain = PayloadMessage.encode(payload).finish();
  return {
    metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(current.id) },
    data: encrypt(current, plain, current.id),
  };
}

function decode({ metadata, data }: Payload, keys: KeyRing | undefined): Payload {
  const id = toText(metadata?.[KEY_ID]);
  const key = keys?.find(id);
  if (key === undefined)
    throw new DecryptionError(`it was encrypted with the key ${id}, which TENANTRY_CODEC_KEYS lacks`);
  try {
    return PayloadMessage.decode(decrypt(key, data ?? new Uint8Array(), id));
  } catch {
    throw new DamageError(`it cannot be decrypted: the key ${id} has changed, or the data is damaged`);
  }
}

function toText(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

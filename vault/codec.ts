import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyRing } from './keys.js';
import { DecryptionError } from './unreadable.js';
import { seal, unseal } from './encryption.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

/**
 * Encrypts what Temporal keeps of a run: inputs, results, failures, summaries, memos, heartbeats. Payloads that it did not make are passed
 * through, so that a run may be started without it; one whose key is not there is `Unreadable`. Without keys it encrypts nothing.
 * @see https://docs.temporal.io/payload-codec
 */
export function createCodec(keys: KeyRing | undefined): PayloadCodec {
  return {
    encode: async (payloads) =>
      payloads.map((payload) => (keys && !isOurs(payload) ? encrypt(payload, keys) : payload)),
    decode: async (payloads) => payloads.map((payload) => (isOurs(payload) ? decrypt(payload, keys) : payload)),
  };
}

function isOurs({ metadata }: Payload): boolean {
  return text(metadata?.[METADATA_ENCODING_KEY]) === ENCODING && metadata?.[KEY_ID] !== undefined;
}

function encrypt(payload: Payload, { current }: KeyRing): Payload {
  const plain = PayloadMessage.encode(payload).finish();
  return {
    metadata: { [METADATA_ENCODING_KEY]: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(current.id) },
    data: seal(current, plain, current.id),
  };
}

function decrypt({ metadata, data }: Payload, keys: KeyRing | undefined): Payload {
  const id = text(metadata?.[KEY_ID]);
  const key = keys?.find(id);
  if (key === undefined)
    throw new DecryptionError(`it was encrypted with the key ${id}, which TENANTRY_CODEC_KEYS lacks`);
  try {
    return PayloadMessage.decode(unseal(key, data ?? new Uint8Array(), id));
  } catch {
    throw new DecryptionError(
      `it cannot be decrypted: the key ${id} is another one than then, or the data are damaged`,
    );
  }
}

function text(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import {
  METADATA_ENCODING_KEY,
  type DataConverter,
  type Payload,
  type PayloadCodec,
  type SerializationContext,
  type WorkflowSerializationContext,
} from '@temporalio/common';
import { decodeFromPayloadsAtIndex } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import { DamageError, decrypt, DecryptionError, encrypt } from './encryption.js';
import type { KeyRing } from './keys.js';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
/** The workflow to which a payload belongs, as JSON: `[namespace, workflow id]`. */
const OWNER = 'encryption-workflow';

interface KeyedCodec extends PayloadCodec {
  readonly keyIds: readonly string[];
}

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
 *
 * A payload belongs to one workflow, by id, if it was encrypted in the context of one: a copy in another workflow fails
 * with a `DecryptionError`. Without a context, as in the codec server, payloads of all workflows are decrypted.
 * @see https://docs.temporal.io/payload-codec
 */
export function createCodec(keys: KeyRing | undefined): KeyedCodec {
  return {
    keyIds: keys?.ids ?? [],
    encode: async (payloads, context) =>
      payloads.map((payload) => (keys && !isEncrypted(payload) ? encode(payload, keys, ownerIn(context)) : payload)),
    decode: async (payloads, context) =>
      payloads.map((payload) => (isEncrypted(payload) ? decode(payload, keys, ownerIn(context)) : payload)),
  };
}

/** The context in which the payloads of a workflow are decoded by hand. */
export function contextOf(
  { options }: { options: { namespace: string } },
  workflowId: string,
): WorkflowSerializationContext {
  return { type: 'workflow', namespace: options.namespace, workflowId };
}

/** Decodes the first of the payloads that Temporal keeps of a workflow; undefined when there is none. */
export async function decodeFirst(
  client: Pick<Client, 'options'>,
  workflowId: string,
  payloads: Payload[] | null | undefined,
): Promise<unknown> {
  const { loadedDataConverter } = client.options;
  return await decodeFromPayloadsAtIndex(loadedDataConverter, 0, payloads, contextOf(client, workflowId));
}

/** An activity shares the payloads of the workflow that has scheduled it. */
function ownerIn(context: SerializationContext | undefined): string | undefined {
  return context?.workflowId === undefined ? undefined : JSON.stringify([context.namespace, context.workflowId]);
}

/** Ids of the keys that a client of Temporal uses, the one that encrypts first. Empty when it encrypts nothing. */
export function keyIdsOf({ options }: Pick<Client, 'options'>): readonly string[] {
  return options.loadedDataConverter.payloadCodecs.flatMap((codec) => (codec as Partial<KeyedCodec>).keyIds ?? []);
}

function isEncrypted({ metadata }: Payload): boolean {
  return toText(metadata?.[METADATA_ENCODING_KEY]) === ENCODING && metadata?.[KEY_ID] !== undefined;
}

function encode(payload: Payload, { current }: KeyRing, owner: string | undefined): Payload {
  const plain = PayloadMessage.encode(payload).finish();
  return {
    metadata: {
      [METADATA_ENCODING_KEY]: Buffer.from(ENCODING),
      [KEY_ID]: Buffer.from(current.id),
      ...(owner === undefined ? {} : { [OWNER]: Buffer.from(owner) }),
    },
    data: encrypt(current, plain, authenticated(current.id, owner)),
  };
}

/** What is not hidden, but authenticated. A payload of an older version has no owner; its owner cannot be taken away. */
function authenticated(keyId: string, owner = ''): string {
  return keyId + owner;
}

function decode({ metadata, data }: Payload, keys: KeyRing | undefined, reader: string | undefined): Payload {
  const id = toText(metadata?.[KEY_ID]);
  const owner = toText(metadata?.[OWNER]);
  if (owner !== '' && reader !== undefined && owner !== reader)
    throw new DamageError(`it was encrypted for another workflow, ${owner}, and somebody has copied it`);
  const key = keys?.find(id);
  if (key === undefined)
    throw new DecryptionError(`it was encrypted with the key ${id}, which TENANTRY_CODEC_KEYS lacks`);
  try {
    return PayloadMessage.decode(decrypt(key, data ?? new Uint8Array(), authenticated(id, owner)));
  } catch {
    throw new DamageError(`it cannot be decrypted: the key ${id} has changed, or the data is damaged`);
  }
}

function toText(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

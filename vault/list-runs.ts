import { WorkflowClient, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';

/** What stands in a memo in the place of a value that cannot be decrypted here. */
interface UnreadableValue {
  unreadable: string;
}

/**
 * The runs that a query finds, as Temporal's search knows them. A run whose memo cannot be decrypted here does not hide the others: it comes
 * with what is in the open, and `unreadableIn` tells why the rest is missing. Safe to repeat.
 */
export function listRuns(client: Client, query: string): AsyncIterable<WorkflowExecutionInfo> {
  return lenient(client).list({ query });
}

/** Why a value of the memo cannot be read; undefined when all of them can. */
export function decryptionProblemIn(memo: Record<string, unknown> | undefined): string | undefined {
  return Object.values(memo ?? {}).find(isUnreadable)?.unreadable;
}

function isUnreadable(value: unknown): value is UnreadableValue {
  return typeof (value as Partial<UnreadableValue> | null)?.unreadable === 'string';
}

/** Temporal's own client stops at the first run that it cannot decrypt. */
function lenient(client: Client): Pick<Client['workflow'], 'list'> {
  const { connection, options } = client;
  if (options.loadedDataConverter.payloadCodecs.length === 0) return client.workflow;
  const payloadCodecs = options.loadedDataConverter.payloadCodecs.map(lenientCodec);
  return new WorkflowClient({ connection, namespace: options.namespace, dataConverter: { payloadCodecs } });
}

function lenientCodec(codec: PayloadCodec): PayloadCodec {
  return {
    encode: async (payloads, context) => await codec.encode(payloads, context),
    decode: async (payloads, context) =>
      await Promise.all(
        payloads.map(async (payload) => {
          try {
            const [plain = payload] = await codec.decode([payload], context);
            return plain;
          } catch (error) {
            return standIn(error);
          }
        }),
      ),
  };
}

function standIn(error: unknown): Payload {
  const value: UnreadableValue = { unreadable: error instanceof Error ? error.message : String(error) };
  return defaultPayloadConverter.toPayload(value);
}

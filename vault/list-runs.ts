import {
  WorkflowClient,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import { whyUnreadable } from './damaged-payloads.js';

/** Replaces a memo value that cannot be decrypted here. */
interface UndecryptableValue {
  unreadable: string;
}

/**
 * The runs that match a query of Temporal's visibility. A run whose memo cannot be decrypted here does not hide the
 * others: its unencrypted fields are returned, and `decryptionProblemIn` says why the memo is missing. Safe to repeat.
 */
export function listRuns(client: Client, query: string): AsyncIterable<WorkflowExecutionInfo> {
  return lenientClient(client).list({ query });
}

/** A part of a list of runs. */
export interface PageOfRuns {
  runs: WorkflowExecutionInfo[];
  /** Continues the list; absent at its end. */
  next?: Uint8Array;
}

/** One page of the same list, in the order of the service: open runs first, then those that closed last. Safe to repeat. */
export async function pageOfRuns(
  client: Client,
  { query, size, after = new Uint8Array() }: { query: string; size: number; after?: Uint8Array | undefined },
): Promise<PageOfRuns> {
  const { namespace, loadedDataConverter } = client.options;
  const { executions, nextPageToken } = await client.connection.workflowService.listWorkflowExecutions({
    namespace,
    query,
    pageSize: size,
    nextPageToken: after,
  });
  const converter = { ...loadedDataConverter, payloadCodecs: loadedDataConverter.payloadCodecs.map(lenientCodec) };
  const runs = executions.map(async (raw) => await executionInfoFromRaw(raw, converter, raw, namespace));
  return { runs: await Promise.all(runs), ...(nextPageToken.length > 0 && { next: nextPageToken }) };
}

/**
 * A run as Temporal describes it, also when its memo cannot be decrypted here. Fails with a `WorkflowNotFoundError` when
 * there is none.
 */
export async function describeRun(client: Client, id: string, runId?: string): Promise<WorkflowExecutionDescription> {
  return await lenientClient(client).getHandle(id, runId).describe();
}

/** Why a value of the memo cannot be decrypted; undefined if all can. */
export function decryptionProblemIn(memo: Record<string, unknown> | undefined): string | undefined {
  return Object.values(memo ?? {}).find(isUndecryptable)?.unreadable;
}

function isUndecryptable(value: unknown): value is UndecryptableValue {
  return typeof (value as Partial<UndecryptableValue> | null)?.unreadable === 'string';
}

/** Temporal's own client stops at the first run that it cannot decrypt. */
function lenientClient(client: Client): Pick<Client['workflow'], 'list' | 'getHandle'> {
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
            const why = whyUnreadable(plain);
            return why === undefined ? plain : toUndecryptable(why);
          } catch (error) {
            return toUndecryptable(error instanceof Error ? error.message : String(error));
          }
        }),
      ),
  };
}

function toUndecryptable(why: string): Payload {
  const value: UndecryptableValue = { unreadable: why };
  return defaultPayloadConverter.toPayload(value);
}

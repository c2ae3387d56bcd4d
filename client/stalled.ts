import { isGrpcServiceError, type Client } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import { DecryptionError } from '../vault/index.js';
import { POLLS_WITHIN_S, pollersBefore } from './pollers.js';

const { TaskQueueType } = proto.temporal.api.enums.v1;
const LAST_EVENTS = 20;

/** Why a run stands still: a worker takes its tasks, and fails at them. */
export interface Stall {
  identity: string;
  message: string;
  /** The worker has other keys than the run. */
  lacksKey: boolean;
}

/** What keeps an open run from going on, when a worker fails at its tasks; undefined when none does. Changes nothing. */
export async function stallOf(client: Client, workflowId: string, runId?: string): Promise<Stall | undefined> {
  const { namespace } = client.options;
  const { workflowService } = client.connection;
  const execution = { workflowId, ...(runId === undefined ? {} : { runId }) };
  const { pendingWorkflowTask } = await workflowService.describeWorkflowExecution({ namespace, execution });
  if ((pendingWorkflowTask?.attempt ?? 0) < 2) return undefined;
  const maximumPageSize = LAST_EVENTS;
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution,
    maximumPageSize,
  });
  const last = history?.events?.find(
    (event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskCompletedEventAttributes,
  );
  const { failure, identity } = last?.workflowTaskFailedEventAttributes ?? {};
  if (!failure) return undefined;
  const message = await messageOf(client, failure);
  return { identity: identity ?? '', message, lacksKey: /TENANTRY_CODEC_KEYS|cannot be decrypted/.test(message) };
}

async function messageOf(
  client: Client,
  failure: Parameters<typeof decodeOptionalFailureToOptionalError>[1],
): Promise<string> {
  try {
    const error = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, failure);
    return error?.message ?? '';
  } catch (error) {
    if (error instanceof DecryptionError) return error.message;
    throw error;
  }
}

/** What to do about a run at which a worker fails. */
export function remedyOf({ lacksKey }: Stall): string {
  return lacksKey
    ? 'Give workers and command line the same TENANTRY_CODEC_KEYS, the workers first.'
    : "The worker's log says more.";
}

/** Why an open run does not answer, and what to do about it. Asks Temporal only; when that does not say, no worker is known of. */
export async function whySilent(client: Client, id: string, taskQueue: string): Promise<string> {
  const nobody = `no worker answers on task queue ${taskQueue}. Start one with "tenantry worker"; the run goes on then.`;
  try {
    const stall = await stallOf(client, id);
    if (stall !== undefined)
      return `a worker that takes its tasks (${stall.identity}) fails at them: ${stall.message}. ${remedyOf(stall)} The run goes on then.`;
    return (await silentWorker(client, taskQueue)) ?? nobody;
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    return nobody;
  }
}

async function silentWorker({ connection, options }: Client, taskQueue: string): Promise<string | undefined> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  const [seen] = pollersBefore(pollers ?? [], Date.now());
  if (seen === undefined || seen.ago > POLLS_WITHIN_S) return undefined;
  return `the worker ${seen.identity}, seen on task queue ${taskQueue} ${seen.ago} s ago, does not answer. If it has stopped, start one with "tenantry worker"; if it is there, it is busy, or lacks the key in TENANTRY_CODEC_KEYS that is used here.`;
}

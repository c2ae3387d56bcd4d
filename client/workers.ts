import { isGrpcServiceError, type Client } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import proto from '@temporalio/proto';
import type { Remedy } from '../contract/errors.js';
import { keyIdsIn, workerNamed } from '../contract/worker-identity.js';
import { contextOf, DecryptionError } from '../vault/index.js';

const { TaskQueueType } = proto.temporal.api.enums.v1;
const LAST_EVENTS = 20;

/** Temporal remembers a poller for five minutes; one that has been silent for longer than this has stopped. */
export const POLLER_TIMEOUT_S = 75;

/** What Temporal knows of a worker that polls a task queue. */
export interface Poller {
  identity?: string | null;
  /** When it last asked for work; it asks at least once a minute. */
  lastAccessTime?: { seconds?: unknown } | null;
}

/** The workers that Temporal has seen polling a task queue for workflow tasks. */
export async function listPollers(
  { workflowService }: Pick<Client['connection'], 'workflowService'>,
  namespace: string,
  taskQueue: string,
): Promise<readonly Poller[]> {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  return pollers ?? [];
}

/** Each poller once, the most recent first; `ago` is in seconds. */
export function recentPollers(pollers: readonly Poller[], now: number): { identity: string; ago: number }[] {
  const last = new Map<string, number>();
  for (const { identity, lastAccessTime } of pollers) {
    const ago = Math.max(0, Math.round(now / 1000 - Number(lastAccessTime?.seconds ?? 0)));
    last.set(identity ?? '', Math.min(ago, last.get(identity ?? '') ?? Infinity));
  }
  return [...last].map(([identity, ago]) => ({ identity, ago })).toSorted((a, b) => a.ago - b.ago);
}

/** A worker that takes the workflow tasks of a run and fails at them. */
export interface FailingWorker {
  identity: string;
  message: string;
  /** The worker has other keys than the run. */
  lacksKey: boolean;
}

/** The worker that fails at an open run; undefined when none does. Changes nothing. */
export async function findFailingWorker(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<FailingWorker | undefined> {
  const { namespace } = client.options;
  const { workflowService } = client.connection;
  const execution = { workflowId, ...(runId === undefined ? {} : { runId }) };
  const { pendingWorkflowTask } = await workflowService.describeWorkflowExecution({ namespace, execution });
  if ((pendingWorkflowTask?.attempt ?? 0) < 2) return undefined;
  const { history } = await workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution,
    maximumPageSize: LAST_EVENTS,
  });
  const last = history?.events?.find(
    (event) => event.workflowTaskFailedEventAttributes ?? event.workflowTaskCompletedEventAttributes,
  );
  const { failure, identity } = last?.workflowTaskFailedEventAttributes ?? {};
  if (!failure) return undefined;
  const message = await messageOf(client, workflowId, failure);
  return { identity: identity ?? '', message, lacksKey: isAboutKeys(message) };
}

function isAboutKeys(message: string): boolean {
  return /TENANTRY_CODEC_KEYS|cannot be decrypted/.test(message);
}

async function messageOf(
  client: Client,
  workflowId: string,
  failure: Parameters<typeof decodeOptionalFailureToOptionalError>[1],
): Promise<string> {
  try {
    const { loadedDataConverter } = client.options;
    const error = await decodeOptionalFailureToOptionalError(
      loadedDataConverter,
      failure,
      contextOf(client, workflowId),
    );
    return error?.message ?? '';
  } catch (error) {
    if (error instanceof DecryptionError) return error.message;
    throw error;
  }
}

/** What helps against a worker that fails at a run. */
export function failureRemedy({ lacksKey }: Pick<FailingWorker, 'lacksKey'>): Remedy {
  return { do: lacksKey ? 'shareKeys' : 'readWorkerLog' };
}

/** Why a run does not answer, as the end of a sentence, and what would help. */
export interface NoAnswer {
  message: string;
  remedies: readonly Remedy[];
}

/** Why a worker that has got a query could not answer it: it could not read the run, or does not know the query. */
export function whyQueryFailed({ message }: Error): NoAnswer {
  const lacksKey = isAboutKeys(message);
  const problem = lacksKey ? 'its worker cannot read it' : 'its worker cannot answer';
  return { message: `${problem}: ${message}.`, remedies: [failureRemedy({ lacksKey })] };
}

/**
 * `alignKeys` when a worker with other keys polls too, or has just stopped: the run may go on without anybody. Temporal
 * shows a stopped worker for a while.
 */
function whyItFails(failing: FailingWorker, pollers: readonly { identity: string }[]): NoAnswer {
  const message = `a worker that takes its tasks (${failing.identity}) fails at them: ${failing.message}.`;
  const keysOf = (identity: string) => keyIdsIn(identity)?.join();
  const others = pollers.some(({ identity }) => keysOf(identity) !== keysOf(failing.identity));
  return { message, remedies: [failing.lacksKey && others ? { do: 'alignKeys' } : failureRemedy(failing)] };
}

/** Why an open run does not answer, and what would help. If Temporal does not say, no worker is assumed. */
export async function whyNoAnswer(client: Client, id: string, taskQueue: string): Promise<NoAnswer> {
  try {
    const failing = await findFailingWorker(client, id);
    const pollers = await livingPollers(client, taskQueue);
    if (failing !== undefined) return whyItFails(failing, pollers);
    const [seen] = pollers;
    if (seen !== undefined)
      return {
        message:
          `the worker ${workerNamed(seen.identity)}, seen on task queue ${taskQueue} ${seen.ago} s ago, does not answer. ` +
          'It has stopped, is busy, or lacks the key in TENANTRY_CODEC_KEYS that is used here.',
        remedies: [{ do: 'startWorker' }],
      };
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
  }
  return { message: `no worker answers on task queue ${taskQueue}.`, remedies: [{ do: 'startWorker' }] };
}

/** The workers that poll a task queue, as far as Temporal knows; the one seen last first. */
export async function livingPollers(
  { connection, options }: Pick<Client, 'connection' | 'options'>,
  taskQueue: string,
): Promise<{ identity: string; ago: number }[]> {
  const pollers = await listPollers(connection, options.namespace, taskQueue);
  return recentPollers(pollers, Date.now()).filter(({ ago }) => ago <= POLLER_TIMEOUT_S);
}

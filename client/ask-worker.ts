import { randomUUID } from 'node:crypto';
import { ActivityFailure, TimeoutFailure, WorkflowFailedError, type Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { TenantryError } from '../contract/errors.js';
import { ANSWER_TIME, type Answered, type LookUpQuestion, type PlanQuestion } from '../contract/questions.js';
import { notAnswered } from './send-update.js';
import { explainServiceError } from './service-errors.js';
import { checkWorkerKeys } from './worker-keys.js';
import { livingPollers } from './workers.js';

const { PendingWorkflowTaskState } = proto.temporal.api.enums.v1;

/** A worker that runs takes a new question at once, in milliseconds. */
const TAKEN_MS = 5000;
const DELETED_MS = 5000;
const NOT_FOUND = 5;

interface Asking {
  type: string;
  question: PlanQuestion | LookUpQuestion;
  taskQueue: string;
  /** What is asked for, for people. */
  name: string;
  /** Whoever asks has gone: the work ends. */
  signal: AbortSignal;
}

/**
 * Asks a worker, for a program that has no credentials of a cloud, and deletes the question with its answer: both may
 * name people. Changes nothing. Fails as `unavailable` within seconds when no worker runs, and after 30 seconds when the
 * cloud does not answer.
 */
export async function askWorker<T>(client: Client, asking: Asking): Promise<T> {
  const { type, question, taskQueue, name } = asking;
  const workflowId = `${type}:${randomUUID()}`;
  let begun = false;
  try {
    await checkWorkers(client, taskQueue, name);
    begun = true;
    await client.workflow.start(type, {
      workflowId,
      taskQueue,
      args: [question],
      workflowExecutionTimeout: ANSWER_TIME,
      workflowTaskTimeout: '5 seconds',
    });
    const answer = (await resultOf(client, workflowId, asking)) as Answered<T>;
    if (answer.ok) return answer.result;
    const { kind, message, ...details } = answer.error;
    throw new TenantryError(kind, message, details);
  } catch (error) {
    throw await explained(client, workflowId, { ...asking, error });
  } finally {
    // what cannot be deleted now is deleted by `deleteLeftQuestions`
    if (begun) await deleteRun(client, workflowId).catch(nothing);
  }
}

/** Deletes a run with its history; an open one ends. Nothing happens when it is gone. */
export async function deleteRun(
  { connection, options: { namespace } }: Pick<Client, 'connection' | 'options'>,
  workflowId: string,
  runId?: string,
): Promise<void> {
  const workflowExecution = { workflowId, ...(runId !== undefined && { runId }) };
  const deleting = async () => connection.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  await connection.withDeadline(Date.now() + DELETED_MS, deleting).catch((error: unknown) => {
    if ((error as { code?: number }).code !== NOT_FOUND) throw error;
  });
}

function nothing(): void {}

async function checkWorkers(client: Client, taskQueue: string, name: string): Promise<void> {
  await checkWorkerKeys(client, taskQueue);
  if ((await livingPollers(client, taskQueue)).length > 0) return;
  throw new TenantryError('unavailable', `${name} needs a worker, and none runs on task queue ${taskQueue}.`, {
    remedies: [{ do: 'startWorker' }],
  });
}

/** The result of the run. Fails early when no worker takes it: Temporal shows a stopped worker for a while. */
async function resultOf(client: Client, workflowId: string, { signal, name, taskQueue }: Asking): Promise<unknown> {
  const handle = client.workflow.getHandle(workflowId);
  const untaken = new AbortController();
  const timer = setTimeout(() => {
    void abortIfWaiting(client, workflowId, untaken).catch(nothing);
  }, TAKEN_MS);
  try {
    const until = AbortSignal.any([signal, untaken.signal]);
    return await client.withAbortSignal(until, async () => await handle.result());
  } catch (error) {
    if (!untaken.signal.aborted) throw error;
    throw await notAnswered(client, { id: workflowId, taskQueue, name });
  } finally {
    clearTimeout(timer);
  }
}

/** Aborts when no worker has taken the first task of a run. */
async function abortIfWaiting(
  { connection, options: { namespace } }: Client,
  workflowId: string,
  untaken: AbortController,
): Promise<void> {
  const { pendingWorkflowTask } = await connection.workflowService.describeWorkflowExecution({
    namespace,
    execution: { workflowId },
  });
  const { PENDING_WORKFLOW_TASK_STATE_SCHEDULED: scheduled } = PendingWorkflowTaskState;
  if (pendingWorkflowTask?.state === scheduled) untaken.abort();
}

async function explained(
  client: Client,
  id: string,
  { error, signal, name, taskQueue }: Asking & { error: unknown },
): Promise<unknown> {
  if (error instanceof TenantryError) return error;
  if (signal.aborted) return new TenantryError('unavailable', `${name} was given up: whoever asked has gone.`);
  if (!(error instanceof WorkflowFailedError)) return explainServiceError('ask a worker', error) ?? error;
  const cause = error.cause instanceof ActivityFailure ? error.cause.cause : error.cause;
  if (cause instanceof TimeoutFailure) {
    if (!(error.cause instanceof ActivityFailure)) return await notAnswered(client, { id, taskQueue, name });
    return new TenantryError('unavailable', `${name} takes longer than ${ANSWER_TIME}: the cloud is slow or busy.`);
  }
  return new TenantryError('internal', `A worker failed at it: ${cause?.message ?? 'no reason is known'}.`);
}

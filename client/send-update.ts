import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';
import { checkKeys, refusal, retryLostUpdate } from './decisions.js';
import { explainServiceError } from './service-errors.js';
import { checkWorkerKeys } from './worker-keys.js';
import { whyNoAnswer } from './workers.js';
import { describeRun } from '../vault/list-runs.js';

interface Sending<Answer> {
  id: string;
  taskQueue: string;
  /** What does not answer, for people. */
  name: string;
  /** The error when there is no such workflow. */
  absent: TenantryError;
  /** Sends the Update once. */
  send: () => Promise<Answer>;
}

const ANSWER_MS = 60_000;
const UNAVAILABLE = 14;

/**
 * Sends an Update to a workflow that lives for long, and resolves once it has accepted that. It refuses what makes no
 * sense now, in its own words. Refused as well when this program and the workers have other keys; `unavailable` when no
 * worker answers.
 */
export async function sendUpdate<Answer>(
  client: Client,
  { id, taskQueue, name, absent, send }: Sending<Answer>,
): Promise<Answer> {
  try {
    await checkKeysOf(client, id, taskQueue);
    return await client.withDeadline(Date.now() + ANSWER_MS, async () => await retryLostUpdate(send));
  } catch (error) {
    if (error instanceof TenantryError) throw error;
    if (error instanceof WorkflowNotFoundError) throw absent;
    if (error instanceof WorkflowUpdateFailedError) throw refusal(error);
    if (isAway(error)) throw explainServiceError('pass on the request', error) ?? error;
    throw await notAnswered(client, { id, taskQueue, name });
  }
}

/** True when Temporal itself does not answer. */
function isAway(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && (cause.code as number) === UNAVAILABLE;
}

/** Why a workflow has not answered, and what to do. */
export async function notAnswered(
  client: Client,
  { id, taskQueue, name }: Pick<Sending<unknown>, 'id' | 'taskQueue' | 'name'>,
): Promise<TenantryError> {
  const { message, remedies } = await whyNoAnswer(client, id, taskQueue);
  return new TenantryError('unavailable', `${name} has not answered: ${message}`, { remedies });
}

/** A workflow that does not run yet needs only the workers to agree. */
async function checkKeysOf(client: Client, id: string, taskQueue: string): Promise<void> {
  try {
    const { runId } = await describeRun(client, id);
    await checkKeys(client, { id, runId, taskQueue });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await checkWorkerKeys(client, taskQueue);
  }
}

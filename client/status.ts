import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { STATUS_QUERY, type OperationStatus, type StepStatus } from '../contract/status.js';
import { checkIsRun, runNotFound, TenantryError } from '../contract/errors.js';
import { operationNames } from './operations.js';
import { explainDecryptionError } from '../vault/encryption.js';
import { contextOf, finalStatus } from '../vault/index.js';
import { whyNoAnswer, whyQueryFailed, type NoAnswer } from './workers.js';

const QUERY_MS = 5000;

/**
 * What is going on in a run, or how it ended. For a closed run Temporal's own record is enough, so no worker is needed.
 * A running one is queried, and the current attempts of its activities are added. Without a run id it is the last run
 * of this workflow id.
 */
export async function operationStatus(
  client: Client,
  id: string,
  taskQueue: string,
  runId?: string,
): Promise<OperationStatus> {
  try {
    return await readStatus(client, id, taskQueue, runId);
  } catch (error) {
    throw explainDecryptionError(id, error) ?? error;
  }
}

async function readStatus(client: Client, id: string, taskQueue: string, runId?: string): Promise<OperationStatus> {
  if (id === '') throw runNotFound(id);
  checkIsRun(id);
  const handle = client.workflow.getHandle(id, runId);
  const description = await handle.describe().catch((error: unknown) => {
    throw error instanceof WorkflowNotFoundError ? runNotFound(id) : error;
  });
  if (description.status.name !== 'RUNNING') return await finalStatus(client, description);
  try {
    const status = await client.withDeadline(Date.now() + QUERY_MS, () => handle.query<OperationStatus>(STATUS_QUERY));
    const pending = await pendingSteps(client, description);
    return { ...status, steps: status.steps.map((step) => withAttempts(step, pending)) };
  } catch (error) {
    const { message, remedies } = await whyUnanswered(client, description, taskQueue, error);
    throw new TenantryError('unavailable', `${id} is running, but ${message}`, { remedies });
  }
}

async function whyUnanswered(
  client: Client,
  { workflowId: id, type }: WorkflowExecutionDescription,
  taskQueue: string,
  error: unknown,
): Promise<NoAnswer> {
  if (!operationNames().includes(type))
    return { message: `its workflow type, ${type}, is no operation.`, remedies: [] };
  if (error instanceof QueryNotRegisteredError) return whyQueryFailed(error);
  if (!isGrpcServiceError(error) && !(error instanceof ServiceError)) throw error;
  return await whyNoAnswer(client, id, taskQueue);
}

type Pending = ReadonlyMap<string, { attempt: number; lastError: string | undefined }>;

/** The activities that are being tried now, by step. */
async function pendingSteps(client: Client, { raw, workflowId }: WorkflowExecutionDescription): Promise<Pending> {
  const { loadedDataConverter } = client.options;
  const context = contextOf(client, workflowId);
  const entries = (raw.pendingActivities ?? []).map(async ({ activityId, attempt, lastFailure }) => {
    const failure = await decodeOptionalFailureToOptionalError(loadedDataConverter, lastFailure, context);
    return [activityId ?? '', { attempt: attempt ?? 1, lastError: failure?.message }] as const;
  });
  return new Map(await Promise.all(entries));
}

function withAttempts(step: StepStatus, pending: Pending): StepStatus {
  const now = pending.get(step.name);
  if (step.state !== 'running' || now === undefined) return step;
  const { attempt, lastError } = now;
  return { ...step, attempts: Math.max(step.attempts, attempt), ...(lastError ? { lastError } : {}) };
}

import {
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import {
  BRAKE_QUERY,
  BRAKE_WORKFLOW,
  brakeId,
  startOfBrake,
  type BrakeChoice,
  type BrakeDecision,
  type BrakeRequest,
  type BrakeStatus,
} from '../contract/brake.js';
import { TenantryError } from '../contract/errors.js';
import { explainDecryptionError } from '../vault/encryption.js';
import { checkKeys, refusal, retryLostUpdate } from './decisions.js';
import { checkWorkerKeys } from './worker-keys.js';
import { whyNoAnswer } from './workers.js';

const QUERY_MS = 5000;
const ANSWER_MS = 30_000;

/**
 * Whether the brake of a cloud is engaged, and what waits. Undefined while no customer has asked it anything. Fails as
 * `unavailable` when no worker answers.
 */
export async function brakeStatus(client: Client, cloud: string, taskQueue: string): Promise<BrakeStatus | undefined> {
  const id = brakeId(cloud);
  const handle = client.workflow.getHandle(id);
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, () => handle.query<BrakeStatus>(BRAKE_QUERY));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw explainDecryptionError(id, error) ?? (await notAnswered(client, id, taskQueue));
  }
}

/**
 * Decides for the brake of a cloud, and resolves once it has accepted that. It refuses what makes no sense now, in its
 * own words, and nothing changes. `engage` starts a brake that does not run yet.
 */
export async function decideOnBrake(
  client: Client,
  { cloud, choice, request }: { cloud: string; choice: BrakeChoice; request: BrakeRequest },
  taskQueue: string,
): Promise<BrakeDecision> {
  const id = brakeId(cloud);
  const send = sender(client, { cloud, choice, request }, taskQueue);
  try {
    await checkKeysOf(client, id, taskQueue);
    return await client.withDeadline(Date.now() + ANSWER_MS, async () => await retryLostUpdate(send));
  } catch (error) {
    if (error instanceof TenantryError) throw error;
    if (error instanceof WorkflowNotFoundError)
      throw new TenantryError('refused', `No customer has asked the brake of the cloud ${cloud} yet: nothing waits.`);
    if (error instanceof WorkflowUpdateFailedError) throw refusal(error);
    throw await notAnswered(client, id, taskQueue);
  }
}

function sender(
  client: Client,
  { cloud, choice, request }: { cloud: string; choice: BrakeChoice; request: BrakeRequest },
  taskQueue: string,
): () => Promise<BrakeDecision> {
  const args: [BrakeRequest] = [request];
  const handle = client.workflow.getHandle(brakeId(cloud));
  if (choice !== 'engage') return async () => await handle.executeUpdate<BrakeDecision, typeof args>(choice, { args });
  return async () => {
    const startWorkflowOperation = new WithStartWorkflowOperation(BRAKE_WORKFLOW, {
      ...startOfBrake(cloud, taskQueue),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    return await client.workflow.executeUpdateWithStart(choice, { args, startWorkflowOperation });
  };
}

/** A brake that does not run yet needs only the workers to agree. */
async function checkKeysOf(client: Client, id: string, taskQueue: string): Promise<void> {
  try {
    const { runId } = await client.workflow.getHandle(id).describe();
    await checkKeys(client, { id, runId, taskQueue });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await checkWorkerKeys(client, taskQueue);
  }
}

async function notAnswered(client: Client, id: string, taskQueue: string): Promise<TenantryError> {
  const { message, remedies } = await whyNoAnswer(client, id, taskQueue);
  return new TenantryError('unavailable', `${id} has not answered: ${message}`, { remedies });
}

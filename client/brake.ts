import { WithStartWorkflowOperation, type Client } from '@temporalio/client';
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
import { queryStatus } from './query-status.js';
import { TenantryError } from '../contract/errors.js';
import { sendUpdate } from './send-update.js';

/**
 * Whether the brake of a cloud is engaged, and what waits. Undefined while no customer has asked it anything. Fails as
 * `unavailable` when no worker answers.
 */
export async function brakeStatus(client: Client, cloud: string, taskQueue: string): Promise<BrakeStatus | undefined> {
  return await queryStatus(client, { id: brakeId(cloud), query: BRAKE_QUERY, taskQueue });
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
  return await sendUpdate(client, {
    id: brakeId(cloud),
    taskQueue,
    name: brakeId(cloud),
    absent: new TenantryError('refused', `No customer has asked the brake of the cloud ${cloud} yet: nothing waits.`),
    send: sender(client, { cloud, choice, request }, taskQueue),
  });
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

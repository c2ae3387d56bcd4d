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
import type { SignDecision } from '../contract/actors.js';
import { queryStatus } from './query-status.js';
import { TenantryError } from '../contract/errors.js';
import { sendDecision } from './send-decision.js';
import { sendUpdate } from './send-update.js';

/**
 * Whether the brake of a cloud is engaged, and what waits. Undefined while no customer has asked it anything. Fails as
 * `unavailable` when no worker answers.
 */
export async function brakeStatus(client: Client, cloud: string, taskQueue: string): Promise<BrakeStatus | undefined> {
  return await queryStatus(client, { id: brakeId(cloud), query: BRAKE_QUERY, taskQueue });
}

interface BrakeOrder {
  cloud: string;
  choice: BrakeChoice;
  request: BrakeRequest;
  /** Proves who decides; without it the actor is not verified. `engage` takes none: the brake may not run yet. */
  sign?: SignDecision | undefined;
}

/**
 * Decides for the brake of a cloud, and resolves once it has accepted that. It refuses what makes no sense now, in its
 * own words, and nothing changes. `engage` starts a brake that does not run yet.
 */
export async function decideOnBrake(client: Client, order: BrakeOrder, taskQueue: string): Promise<BrakeDecision> {
  const { cloud } = order;
  return await sendUpdate(client, {
    id: brakeId(cloud),
    taskQueue,
    name: brakeId(cloud),
    absent: new TenantryError('refused', `No customer has asked the brake of the cloud ${cloud} yet: nothing waits.`),
    send: sender(client, order, taskQueue),
  });
}

function sender(
  client: Client,
  { cloud, choice, request, sign }: BrakeOrder,
  taskQueue: string,
): () => Promise<BrakeDecision> {
  const args: [BrakeRequest] = [request];
  const id = brakeId(cloud);
  if (choice !== 'engage') return async () => await sendDecision(client, { id, choice, request, sign });
  return async () => {
    const startWorkflowOperation = new WithStartWorkflowOperation(BRAKE_WORKFLOW, {
      ...startOfBrake(cloud, taskQueue),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    return await client.workflow.executeUpdateWithStart(choice, { args, startWorkflowOperation });
  };
}

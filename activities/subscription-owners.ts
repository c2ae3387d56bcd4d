import { Context } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { subscriptionOwnerId } from '../catalogue/customer-id.js';
import type { CustomerStart } from '../contract/customers.js';
import {
  hasHeard,
  OWNER_SIGNAL,
  OWNERSHIP_MEMO,
  SUBSCRIPTION_OWNER_WORKFLOW,
  subscriptionText,
  type Hearer,
  type OwnerMessage,
  type SubscriptionOwnership,
  type OwnerStart,
  type SubscriptionName,
} from '../contract/subscription-owners.js';

export interface OwnerSpec {
  cloud?: string;
  subscription: SubscriptionName;
  /** As the customer knows it: the workflow begins with it if somebody has terminated it. */
  ownership: SubscriptionOwnership;
  message: OwnerMessage;
}

/** Each asks only Temporal, and is safe to repeat. */
export function createSubscriptionOwnerActivities() {
  return {
    /**
     * Says whose each subscription is, in order. A subscription of which nobody has heard becomes that of the customer
     * that asks: of two that ask in the same moment, one gets it. The owner of another one learns that this customer has
     * heard of it.
     */
    claimSubscriptions: async ({
      ref,
      cloud,
      subscriptions,
    }: CustomerStart & { subscriptions: readonly SubscriptionName[] }): Promise<SubscriptionOwnership[]> => {
      const { client, info } = Context.current();
      const hearer = { ref, id: info.workflowExecution!.workflowId };
      const place = { taskQueue: info.taskQueue, cloud };
      return await Promise.all(subscriptions.map(async (one) => await claim(client, one, hearer, place)));
    },
    /** Sends a message to the workflow of a subscription. */
    tellSubscriptionOwner: async (spec: OwnerSpec): Promise<void> => {
      const { client, info } = Context.current();
      await tell(client, spec, info.taskQueue);
    },
  };
}

async function claim(
  client: Client,
  subscription: SubscriptionName,
  hearer: Hearer,
  { taskQueue, cloud }: { taskQueue: string; cloud: string | undefined },
): Promise<SubscriptionOwnership> {
  const first: SubscriptionOwnership = { owner: hearer, others: [], turn: 0 };
  try {
    await client.workflow.start(SUBSCRIPTION_OWNER_WORKFLOW, {
      ...startOf({ cloud, subscription, ownership: first }, taskQueue),
      workflowIdConflictPolicy: 'FAIL',
    });
    return first;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  const { memo } = await client.workflow.getHandle(subscriptionOwnerId(subscription, cloud)).describe();
  const ownership = memo![OWNERSHIP_MEMO] as SubscriptionOwnership;
  const place = { subscription, ...(cloud !== undefined && { cloud }) };
  if (!hasHeard(ownership, hearer.ref))
    await tell(client, { ...place, ownership, message: { claim: hearer } }, taskQueue);
  return ownership;
}

async function tell(client: Client, { message, ...spec }: OwnerSpec, taskQueue: string): Promise<void> {
  await client.workflow.signalWithStart(SUBSCRIPTION_OWNER_WORKFLOW, {
    ...startOf(spec, taskQueue),
    signal: OWNER_SIGNAL,
    signalArgs: [message],
  });
}

function startOf(
  { subscription, ownership, cloud }: Omit<OwnerSpec, 'message' | 'cloud'> & { cloud?: string | undefined },
  taskQueue: string,
) {
  return {
    workflowId: subscriptionOwnerId(subscription, cloud),
    taskQueue,
    args: [{ ...subscription, ownership }] satisfies [OwnerStart],
    memo: { [OWNERSHIP_MEMO]: ownership },
    workflowTaskTimeout: '5 seconds' as const,
    staticSummary: `Whose is the subscription ${subscriptionText(subscription)}?`,
  };
}

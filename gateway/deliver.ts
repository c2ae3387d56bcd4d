import type { Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import { explainServiceError } from '../client/service-errors.js';
import { CUSTOMER_WORKFLOW, FACTS_SIGNAL } from '../contract/customers.js';
import type { Fact } from '../contract/facts.js';

/** All facts of one delivery about one customer. */
export interface CustomerFacts {
  ref: string;
  cloud?: string | undefined;
  facts: readonly Fact[];
}

/**
 * Gives facts to the workflow of their customer, and starts it where there is none. Needs no worker. Resolves once
 * Temporal has them; rejects with a `TenantryError`. A repetition does no harm: the customer knows the events it has seen.
 */
export type Deliver = (customer: CustomerFacts, deadline: number) => Promise<void>;

export function deliverBy(client: Client, taskQueue: string): Deliver {
  return async ({ ref, cloud, facts }, deadline) => {
    const input = { ref, ...(cloud !== undefined && { cloud }) };
    const signal = async () =>
      await client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
        workflowId: customerWorkflowId(ref, cloud),
        taskQueue,
        args: [input],
        signal: FACTS_SIGNAL,
        signalArgs: [facts],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        // what a dead worker has begun waits this long, instead of ten seconds
        workflowTaskTimeout: '5 seconds',
      });
    try {
      await client.withDeadline(deadline, signal);
    } catch (error) {
      throw explainServiceError('take the facts', error) ?? error;
    }
  };
}

/** The facts by customer, in the order in which they came. */
export function byCustomer(facts: readonly Fact[], cloud: string | undefined): CustomerFacts[] {
  const customers = new Map<string, Fact[]>();
  for (const fact of facts) {
    const { ref } = fact.customer;
    customers.set(ref, [...(customers.get(ref) ?? []), fact]);
  }
  return [...customers].map(([ref, all]) => ({ ref, cloud, facts: all }));
}

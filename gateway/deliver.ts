import type { Client } from '@temporalio/client';
import { changesSignal, factsSignal, type CustomerFacts, type ObjectChanges } from '../catalogue/event-signals.js';
import { explainServiceError } from '../client/service-errors.js';

/**
 * Gives facts to the workflow of their customer, or changes to the workflow of their object, and starts it where there is
 * none. Needs no worker. Resolves once Temporal has them; rejects with a `TenantryError`. A repetition does no harm: the
 * customer knows the events it has seen, and the truth is read once more.
 */
export type Deliver = (what: CustomerFacts | ObjectChanges, deadline: number) => Promise<void>;

export function deliverBy(client: Client, taskQueue: string): Deliver {
  return async (what, deadline) => {
    const { type, ...options } = 'facts' in what ? factsSignal(what) : changesSignal(what);
    try {
      await client.withDeadline(deadline, async () => {
        await client.workflow.signalWithStart(type, { ...options, taskQueue });
      });
    } catch (error) {
      throw explainServiceError('take the event', error) ?? error;
    }
  };
}

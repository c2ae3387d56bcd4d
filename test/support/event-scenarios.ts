import type { WorkflowHandle } from '@temporalio/client';
import { CUSTOMER_QUERY, FACTS_SIGNAL, type CustomerStatus } from '../../contract/customers.js';
import { CHANGES_SIGNAL } from '../../contract/source-objects.js';
import type { Scenario } from './recorded-scenarios.js';
import { waitUntil } from './runs.js';

/** What is recorded of the workflows that events start. */
export const eventScenarios: Readonly<Record<string, Scenario[]>> = {
  changedObject: [
    ['invalid', {}],
    ['nothing-waits', { source: 'shop' }],
    ['read', { source: 'shop' }, undefined, undefined, { meanwhile: change }],
  ],
  syncSource: [
    ['invalid', {}],
    ['happy', { source: 'shop' }],
  ],
  customer: [
    ['invalid', {}],
    ['observed', { ref: 'C-1' }, undefined, undefined, { meanwhile: observe }],
  ],
};

/** Two events about one object, and one about another; each is read once. */
async function change(object: WorkflowHandle): Promise<void> {
  const event = (id: string) => ({ id, type: 'customer.subscription.updated' });
  const changes = ['sub_1', 'sub_1', 'sub_2'].map((id, at) => ({
    object: { type: 'subscription', id },
    event: event(`evt_${at}`),
  }));
  await object.signal(CHANGES_SIGNAL, changes);
}

/** A customer is sold something, is late, pays, and leaves; somebody terminates it. */
async function observe(customer: WorkflowHandle): Promise<void> {
  const states = ['active', 'past_due', 'active', 'ended'];
  for (const [at, state] of states.entries()) {
    const fact = {
      source: 'shop',
      event: { id: `evt_${at}`, type: 'customer.subscription.updated' },
      at: `2026-01-0${at + 1}T00:00:00.000Z`,
      customer: { ref: 'C-1', name: 'Customer, Inc', contact: { email: 'it@customer.example' } },
      subscription: { ref: 'sub_1', items: [{ product: 'price_desktop', quantity: 25 }], state },
    };
    await customer.signal(FACTS_SIGNAL, [fact]);
    await waitUntil(async () => (await customer.query<CustomerStatus>(CUSTOMER_QUERY)).events.length === at + 1);
  }
  await customer.terminate();
}

import type { WorkflowHandle } from '@temporalio/client';
import { subscriptionOwnerId } from '../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, FACTS_SIGNAL, type CustomerStatus } from '../../contract/customers.js';
import { APPLY_PLANS, type PlansRequest } from '../../contract/plan-changes.js';
import { CHANGES_SIGNAL } from '../../contract/source-objects.js';
import {
  OWNER_SIGNAL,
  OWNERSHIP_MEMO,
  type Hearer,
  type SubscriptionOwnership,
  type OwnerMessage,
  type OwnerStart,
} from '../../contract/subscription-owners.js';
import { changedFiles } from './fact-reader.js';
import { exampleOf } from './orders.js';
import type { Scenario } from './recorded-scenarios.js';
import { waitUntil } from './runs.js';

const DAY_MS = 24 * 60 * 60 * 1000;

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
  listTenants: [
    ['invalid', {}],
    ['happy', { cloud: 'default' }],
  ],
  lookUp: [
    ['invalid', {}],
    ['happy', { lookUp: 'tree', query: { limit: '2' } }],
  ],
  planOperation: [
    ['invalid', {}],
    ['happy', { operation: 'provisionCustomer', input: exampleOf('provisionCustomer') }],
  ],
  subscriptionOwner: [
    ['invalid', {}],
    ['moved', ownedBy(hearer('C-1')), undefined, undefined, { meanwhile: claimAndGive }],
  ],
  customer: [
    ['invalid', {}],
    ['observed', { ref: 'C-1' }, undefined, undefined, { meanwhile: observe }],
    ['acting', { ref: 'C-1' }, undefined, undefined, { meanwhile: act }],
    ['offboarding', { ref: 'C-1' }, undefined, undefined, { meanwhile: offboard }],
    ['moved', { ref: 'C-1' }, undefined, undefined, { meanwhile: move }],
    ['protecting', { ref: 'C-1' }, undefined, undefined, { meanwhile: protect }],
    ['falls', { ref: 'C-1' }, undefined, undefined, { meanwhile: fallTwice }],
    ['plans-applied', { ref: 'C-1' }, undefined, undefined, { meanwhile: applyPlans }],
    ['blocked', { ref: 'C-1' }, 'PUT /tenants/{id}/offering_items', { refuse: 403 }, { meanwhile: block }],
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
  for (const [at, state] of ['active', 'past_due', 'active', 'ended'].entries()) {
    await customer.signal(FACTS_SIGNAL, [soldBy('shop', at, { state })]);
    await untilStatus(customer, ({ events }) => events.length === at + 1);
  }
  await customer.terminate();
}

/** The same for a customer that is acted for; it also buys more. Each change is carried out before the next. */
async function act(customer: WorkflowHandle): Promise<void> {
  const changes = [
    [{ state: 'active' }, 'steady'],
    [{ state: 'past_due' }, 'suspended'],
    [{ state: 'active' }, 'steady'],
    [{ state: 'active', quantity: 40 }, 'steady'],
    [{ state: 'ended' }, 'suspended'],
  ] as const;
  for (const [at, [sold, state]] of changes.entries()) {
    await customer.signal(FACTS_SIGNAL, [soldBy('store', at, sold)]);
    await untilStatus(customer, (status) => status.runs.length === at + 1 && status.state === state);
  }
  await customer.terminate();
}

/** A customer whose run waits for its machines while more is sold, and which then leaves. */
async function protect(customer: WorkflowHandle): Promise<void> {
  const guarded = (quantity: number) => ({ product: 'price_guarded', quantity, state: 'active' });
  await customer.signal(FACTS_SIGNAL, [soldBy('store', 0, guarded(25))]);
  await untilStatus(customer, ({ protection }) => protection?.missing !== undefined);
  await customer.signal(FACTS_SIGNAL, [soldBy('store', 1, guarded(40))]);
  await untilStatus(customer, ({ runs, state }) => runs.length === 2 && state === 'steady');
  await customer.signal(FACTS_SIGNAL, [soldBy('store', 2, { state: 'ended' })]);
  await untilStatus(customer, ({ runs, state }) => runs.length === 4 && state === 'suspended');
  await customer.terminate();
}

/** A customer that has left, whose end a person has confirmed. */
async function offboard(customer: WorkflowHandle): Promise<void> {
  for (const [at, state] of ['active', 'ended'].entries()) {
    await customer.signal(FACTS_SIGNAL, [soldBy('store', at, { state })]);
    await untilStatus(customer, (status) => status.runs.length === at + 1);
  }
  await customer.executeUpdate('offboard', { args: [{ actor: 'ann', reason: 'has left' }] });
  await untilStatus(customer, ({ state }) => state === 'ending');
  await customer.terminate();
}

/** A customer whose quota falls twice within a week: a person is asked about the second fall. */
async function fallTwice(customer: WorkflowHandle): Promise<void> {
  for (const [at, quantity] of [100, 60].entries()) {
    await customer.signal(FACTS_SIGNAL, [soldBy('store', at, { state: 'active', quantity })]);
    await untilStatus(customer, ({ state, runs }) => state === 'steady' && runs.length === at + 1);
  }
  await customer.signal(FACTS_SIGNAL, [soldBy('store', 2, { state: 'active', quantity: 35 })]);
  await untilStatus(customer, ({ state }) => state === 'blocked');
  const yes = { actor: 'ann', reason: 'agreed with Jane', fields: ['quotas.workstations'] };
  await customer.executeUpdate('converge', { args: [yes] });
  await untilStatus(customer, ({ state, runs }) => state === 'steady' && runs.length === 3);
  await customer.terminate();
}

/** A customer that gets the changed terms of its plan. */
async function applyPlans(customer: WorkflowHandle): Promise<void> {
  await customer.signal(FACTS_SIGNAL, [soldBy('store', 0, { state: 'active' })]);
  await untilStatus(customer, ({ state }) => state === 'steady');
  const { digest } = changedFiles.readTerms({ source: 'store', plan: 'desktop' })!;
  const plans: PlansRequest['plans'] = [{ source: 'store', plan: 'desktop', digest }];
  await customer.executeUpdate(APPLY_PLANS, { args: [{ actor: 'ann', reason: 'agreed', plans }] });
  await untilStatus(customer, ({ state, runs }) => state === 'steady' && runs.length === 2);
  await customer.terminate();
}

/** A customer whose first run is blocked; it still is when somebody terminates it. */
async function block(customer: WorkflowHandle): Promise<void> {
  await customer.signal(FACTS_SIGNAL, [soldBy('store', 0, { state: 'active' })]);
  await untilStatus(customer, ({ state }) => state === 'blocked');
  await customer.terminate();
}

/** A customer whose subscription turns up under another reference, hears more of it, and is given away. */
async function move(customer: WorkflowHandle): Promise<void> {
  await customer.signal(FACTS_SIGNAL, [soldBy('store', 0, { state: 'active' })]);
  await untilStatus(customer, ({ state }) => state === 'steady');
  const owner = customer.client.getHandle(subscriptionOwnerId({ source: 'store', ref: 'sub_1' }));
  const other: OwnerMessage = { claim: hearer('C-2') };
  await owner.signal(OWNER_SIGNAL, other);
  await untilStatus(customer, ({ state }) => state === 'waiting');
  const request = { actor: 'ann', reason: 'it was sold', subscription: 'store/sub_1', to: 'C-2' };
  await customer.executeUpdate('move', { args: [request] });
  await customer.signal(FACTS_SIGNAL, [soldBy('store', 1, { state: 'active', quantity: 40 })]);
  await untilStatus(customer, ({ events }) => events.length === 2);
  await customer.terminate();
}

/** Another customer hears of the subscription, says more, and is given it. */
async function claimAndGive(owner: WorkflowHandle): Promise<void> {
  const [from, to] = [hearer('C-1'), hearer('C-2')];
  const by = { actor: 'ann', reason: 'it was sold', at: '2026-01-01T00:00:00.000Z' };
  const messages: OwnerMessage[] = [{ claim: to }, { heard: { from: to, known: {} } }, { give: { from, to, by } }];
  for (const message of messages) await owner.signal(OWNER_SIGNAL, message);
  await waitUntil(
    async () =>
      ((await owner.describe()).memo?.[OWNERSHIP_MEMO] as SubscriptionOwnership | undefined)?.by !== undefined,
  );
  await owner.terminate();
}

function hearer(ref: string): Hearer {
  return { ref, id: `customer:${ref}` };
}

function ownedBy(owner: Hearer): OwnerStart {
  return { source: 'store', ref: 'sub_1', ownership: { owner, others: [], turn: 0 } };
}

interface Sale {
  state: string;
  quantity?: number;
  product?: string;
}

function soldBy(source: string, at: number, { state, quantity = 25, product = 'price_desktop' }: Sale) {
  return {
    source,
    event: { id: `evt_${at}`, type: 'customer.subscription.updated' },
    at: new Date(Date.now() - (10 - at) * DAY_MS).toISOString(),
    customer: { ref: 'C-1', name: 'Customer C-1', contact: { email: 'it@customer.example' } },
    subscription: { ref: 'sub_1', items: [{ product, quantity }], state },
  };
}

async function untilStatus(customer: WorkflowHandle, fits: (status: CustomerStatus) => boolean): Promise<void> {
  await waitUntil(async () => fits(await customer.query<CustomerStatus>(CUSTOMER_QUERY)));
}

import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, FACTS_SIGNAL, type CustomerStatus } from '../../../contract/customers.js';
import type { Fact } from '../../../contract/facts.js';
import { waitUntil } from '../../support/runs.js';
import { factReader } from '../../support/fact-reader.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const rules = { pastDue: [{ after: '0 days', do: 'suspend' }], steepFall: 'apply' };
const quotas = { storage: { perUnit: '10 GiB' } };
const disk = { offeringItems: ['storage'], quotas, sold: { store: ['price_disk'], shop: ['price_disk'] }, rules };
const seats = {
  offeringItems: ['workstations'],
  quotas: { workstations: { perUnit: 1 } },
  sold: { store: ['price_seats'], shop: ['price_seats'] },
  rules,
};
const env = useVirtualEnvironment({}, { readFacts: factReader({ disk, seats }), brake: 'off' });

const SEED = 20_261_129;
const CUSTOMERS = 12;
const LOST_OF_HUNDRED = 5;
const GIB = 2 ** 30;
const PATIENCE_MS = 240_000;

const hasSettled = ({ state, unread }: CustomerStatus) =>
  unread === undefined && ['steady', 'suspended', 'blocked'].includes(state);

interface Sale {
  ref: string;
  source: 'store' | 'shop';
  state: 'active' | 'past_due' | 'paused' | 'ended';
  product: 'price_disk' | 'price_seats';
  quantity: number;
}

const aSale = fc.record<Sale>({
  ref: fc.constantFrom('s1', 's2', 's3'),
  source: fc.constantFrom('store', 'shop'),
  state: fc.constantFrom('active', 'active', 'past_due', 'paused', 'ended'),
  product: fc.constantFrom('price_disk', 'price_seats'),
  quantity: fc.integer({ min: 1, max: 40 }),
});
const deliveries = fc.record({
  sales: fc.array(aSale, { minLength: 3, maxLength: 10, size: 'max' }),
  last: aSale,
  order: fc.infiniteStream(fc.nat()),
});

/** What sold things come to, worked out by hand: the newest word on each subscription counts. */
function expected(sales: readonly Sale[]) {
  const newest = new Map(sales.map((sale) => [`${sale.source} ${sale.ref}`, sale]));
  const sold = [...newest.values()].filter(({ state }) => state !== 'ended');
  const units = (product: string) =>
    sold.filter((sale) => sale.product === product).reduce((sum, { quantity }) => sum + quantity, 0);
  const [gigabytes, workstations] = [units('price_disk') * 10 * GIB, units('price_seats')];
  return {
    enabled: sold.some(({ state }) => state === 'active'),
    items: {
      ...(gigabytes > 0 && { storage: gigabytes }),
      ...(workstations > 0 && { workstations }),
    },
  };
}

/** What a tenant has in the simulated cloud. */
function found(ref: string) {
  const tenants = env.simulator.world.customers().filter(({ customer_id }) => customer_id === ref);
  if (tenants.length !== 1) return `${tenants.length} tenants`;
  const [{ id, enabled }] = tenants as [(typeof tenants)[0]];
  const items = env.simulator.world.items(id).map(({ name, quota }) => [name, quota?.value] as const);
  return { enabled, items: Object.fromEntries(items) };
}

test('customers end as sold, whatever the order, repetition and splitting of deliveries, with lost answers of the cloud', async () => {
  const random = fc.sample(fc.infiniteStream(fc.nat({ max: 99 })), { seed: SEED, numRuns: 1 })[0]!;
  for (let call = 0; call < 3000; call += 1)
    if (random.next().value! < LOST_OF_HUNDRED) env.simulator.faults.next('*', 'commit-then-drop', { after: call });
  const all = fc.sample(deliveries, { seed: SEED, numRuns: CUSTOMERS }).map(({ sales, last, order }) => ({
    ref: `C-${randomUUID().slice(0, 8)}`,
    // somebody pays at the end: a customer of whom nothing is sold any more keeps what it has
    sales: [...sales, { ...last, state: 'active' as const, source: 'store' as const }],
    order,
  }));

  await Promise.all(
    all.map(async ({ ref, sales, order }) => {
      const facts = sales.map((sale, at) => factOf(ref, sale, at));
      const shuffled = [...facts, ...facts.filter(() => order.next().value! % 3 === 0)].toSorted(
        () => (order.next().value! % 2) - 0.5,
      );
      // a customer of the source "store" is acted for if its first fact comes from there
      const first = shuffled.findIndex(({ source }) => source === 'store');
      const sent = [shuffled[first]!, ...shuffled.filter((_fact, at) => at !== first)];
      while (sent.length > 0) await deliver(ref, sent.splice(0, 1 + (order.next().value! % 3)));
    }),
  );

  for (const { ref, sales } of all) {
    const wanted = expected(sales);
    await waitUntil(async () => hasSettled(await statusOf(ref)), PATIENCE_MS);
    expect({ ref, blocked: (await statusOf(ref)).blocked, found: found(ref) }).toEqual({
      ref,
      blocked: undefined,
      found: wanted,
    });
  }
});

function factOf(ref: string, { source, product, quantity, ...subscription }: Sale, minutes: number): Fact {
  return {
    source,
    event: { id: `evt-${minutes}`, type: 'subscription.changed' },
    at: new Date(Date.now() - 3_600_000 + minutes * 60_000).toISOString(),
    customer: { ref, name: `Customer ${ref}`, contact: { email: `it@${ref.toLowerCase()}.example` } },
    subscription: { ...subscription, ref: `${subscription.ref} of ${ref}`, items: [{ product, quantity }] },
  };
}

async function deliver(ref: string, facts: Fact[]): Promise<void> {
  await env.client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
    workflowId: customerWorkflowId(ref),
    taskQueue: env.taskQueue,
    args: [{ ref }],
    signal: FACTS_SIGNAL,
    signalArgs: [facts],
  });
}

const statusOf = async (ref: string) =>
  await env.client.workflow.getHandle(customerWorkflowId(ref)).query<CustomerStatus>(CUSTOMER_QUERY);

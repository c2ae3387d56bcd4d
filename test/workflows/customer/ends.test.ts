import { describe, expect, test } from '@jest/globals';
import type { ChangeOf, Truth } from '../../../activities/index.js';
import { AGREE_TO_END, type EndAnswer, type EndQuestion } from '../../../contract/customer-agreement.js';
import type { SubscriptionFact } from '../../../contract/facts.js';
import type { OperationStatus } from '../../../contract/status.js';
import { consoleClient } from '../../support/console.js';
import { customersIn, subscriptionOf, type TestCustomer } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { decideFor, waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const brief = {
  offeringItems: ['workstations'],
  sold: { store: ['price_brief'] },
  rules: { ended: { suspendAfter: '0 days', offboard: 'ask', grace: '1 second' } },
};
const read = factReader({ brief });
const readFacts: typeof read = (facts) =>
  read(facts).map((one) => ('mapped' in one ? { mapped: { ...one.mapped, readAs: 'subscription' } } : one));
let truths: Truth[] = [];
const readTruth = async ({ source, event }: ChangeOf): Promise<Truth> => {
  const [first, ...others] = truths;
  if (others.length > 0) truths = others;
  return { ...first!, facts: first!.facts.map((fact) => ({ ...fact, source, event, at: new Date().toISOString() })) };
};
const env = useVirtualEnvironment({}, { readFacts, truth: { readTruth }, brake: 'off' });
const aCustomer = customersIn(env);

const items = [{ product: 'price_brief', quantity: 1 }];
const END = { state: 'ended', until: '2026-01-01T00:00:00.000Z', items } as const;
const tenantOf = (tenantId: string) => env.simulator.world.tenant(tenantId);

function says({ ref }: TestCustomer, subscription: Partial<SubscriptionFact>): Truth {
  const fact = {
    customer: { ref },
    subscription: { ref: subscriptionOf(ref), items, state: 'active', ...subscription },
  };
  return { facts: [fact as never], notices: [], ignored: [] };
}

/** A customer whose end a person has confirmed. What its source says is given in turn; the last word stays. */
async function anEndingCustomer(words: (customer: TestCustomer) => Truth[], { held = false } = {}) {
  const customer = await aCustomer({ items });
  const { tenantId } = await customer.until(({ state }) => state === 'steady');
  truths = words(customer);
  await customer.tell(END);
  await customer.until(({ state }) => state === 'suspended');
  await customer.ask('offboard');
  const { running } = await customer.until(({ state }) => state === 'ending');
  if (held) await customer.ask('hold');
  return { ...customer, tenantId: tenantId!, run: env.client.workflow.getHandle(running!.id) };
}

const isAsking = async (run: { query(name: string): Promise<unknown> }) => {
  const { grace } = (await run.query('status')) as OperationStatus;
  return grace?.next?.includes('agrees') === true;
};

describe('a customer that has ended, and of which a person has said so', () => {
  test('is deleted after the grace, with the administrator that was created for it', async () => {
    const customer = await anEndingCustomer((one) => [says(one, END)]);

    await customer.until(({ state }) => state === 'ended');

    expect(tenantOf(customer.tenantId)?.deleted_at).not.toBeNull();
  });

  test('is not deleted while a person holds it, and is once it is resumed', async () => {
    const customer = await anEndingCustomer((one) => [says(one, END)], { held: true });
    await waitUntil(() => isAsking(customer.run));
    const { attempts } = await anAnswer(customer);
    expect(attempts).toBeGreaterThan(1);
    expect(tenantOf(customer.tenantId)).toMatchObject({ deleted_at: null });

    await customer.ask('resume');

    await customer.until(({ state }) => state === 'ended');
  });

  test('is not deleted while a person must say whose its subscription is', async () => {
    const customer = await anEndingCustomer((one) => [says(one, END)], { held: true });
    await aCustomer({ ref: subscriptionOf(customer.ref), items });
    await customer.until(({ waitingFor = '' }) => waitingFor.startsWith('moved: '));
    await customer.ask('resume');

    const question: [EndQuestion] = [{ run: customer.run.workflowId }];
    const answer = await customer.handle.executeUpdate<EndAnswer, [EndQuestion]>(AGREE_TO_END, { args: question });

    expect(answer).toEqual({ waits: expect.stringContaining('a person must say whose a subscription is') });
    expect(tenantOf(customer.tenantId)).toMatchObject({ deleted_at: null });
    await customer.run.terminate();
  });

  test('is not deleted when its source says after the grace that it is sold again', async () => {
    const customer = await anEndingCustomer((one) => [says(one, END), says(one, END), says(one, { state: 'active' })]);

    await customer.until(({ state }) => state === 'steady');

    expect(tenantOf(customer.tenantId)).toMatchObject({ deleted_at: null, enabled: true });
  });

  test('is not deleted while its source does not confirm the end, and the status says why', async () => {
    const silent = { facts: [], ignored: [], notices: ['store has no subscription s1'] };
    const customer = await anEndingCustomer((one) => [says(one, END), says(one, END), silent]);

    const { blocked } = await customer.until(({ state }) => state === 'blocked');

    expect(blocked).toMatchObject({ message: 'store has no subscription s1', run: customer.run.workflowId });
    expect(tenantOf(customer.tenantId)).toMatchObject({ deleted_at: null });
    await decideFor(customer.run, 'cancel' as never).catch(() => undefined);
  });

  test('says why it cannot be deleted: somebody has made a unit below it', async () => {
    const customer = await aCustomer({ items });
    const { tenantId } = await customer.until(({ state }) => state === 'steady');
    truths = [says(customer, END)];
    env.simulator.world.addTenant({ name: 'A unit', kind: 'unit', parent_id: tenantId! });
    await customer.tell(END);
    await customer.until(({ state }) => state === 'suspended');

    await customer.ask('offboard');

    const { blocked } = await customer.until(({ state }) => state === 'blocked');
    expect(blocked?.message).toContain('including.tenants: "A unit"');
    expect(tenantOf(tenantId!)).toMatchObject({ deleted_at: null });
  });
});

/** Waits until the offboarding has been refused the deletion more than once. */
async function anAnswer({ run }: { run: { describe(): Promise<{ raw: { pendingActivities?: unknown } }> } }) {
  let attempts = 0;
  await waitUntil(async () => {
    const { raw } = await run.describe();
    const pending = (raw.pendingActivities ?? []) as { activityType?: { name?: string }; attempt?: number }[];
    attempts = pending.find(({ activityType }) => activityType?.name === 'agreeToEnd')?.attempt ?? 0;
    return attempts > 1;
  });
  return { attempts };
}

describe('a tenant that somebody has deleted by hand', () => {
  test('is restored when a person says "converge" and the customer still pays', async () => {
    const customer = await aCustomer({ items });
    const { tenantId = '' } = await customer.until(({ state }) => state === 'steady');
    const { tenants } = consoleClient(env.simulator);
    await tenants.update(tenantId, { enabled: false, version: (await tenants.get(tenantId)).version });
    await tenants.remove(tenantId, (await tenants.get(tenantId)).version);

    await customer.ask('converge');

    const { runs } = await customer.until(({ state, runs: all }) => state === 'steady' && all.length === 2);
    expect(runs.at(-1)).toMatchObject({ operation: 'restoreCustomer', state: 'completed' });
    expect(tenantOf(tenantId)).toMatchObject({ enabled: true, deleted_at: null });
  });
});

describe('a tenant that a customer adopts while nothing is known to be sold', () => {
  test('is not disabled: the status says that it differs', async () => {
    const tenantId = env.simulator.world.addTenant({ name: 'Lives', kind: 'customer' });
    const customer = await aCustomer({ ...END });
    await customer.until(({ state }) => state === 'waiting');

    await customer.ask('adopt', { tenantId });

    const { different } = await customer.until(({ different: found = [] }) => found.length > 0);
    expect(different).toMatchObject([{ field: 'enabled', wanted: false, is: true }]);
    expect((await customer.status()).runs).toEqual([]);
    expect(tenantOf(tenantId)).toMatchObject({ enabled: true });
  });
});

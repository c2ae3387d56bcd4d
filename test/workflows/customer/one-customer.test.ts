import { describe, expect, test } from '@jest/globals';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_WORKFLOW, type CustomerStatus } from '../../../contract/customers.js';
import { emptyMemory, type CustomerMemory } from '../../../workflows/customer/memory.js';
import { noProgress, type Progress } from '../../../workflows/customer/progress.js';
import { aReference, customersIn, subscriptionOf, type TestCustomer } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { anOrder } from '../../support/orders.js';
import { decideFor, waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { readFacts, brake: 'off' });
const aCustomer = customersIn(env);

const isSteady = ({ state }: { state: string }) => state === 'steady';
const isBlocked = ({ state }: { state: string }) => state === 'blocked';
const hasIt = (other: TestCustomer, tenantId: string) => `customer:${other.ref} has the tenant ${tenantId}`;

/** A customer that is only observed, and has this tenant. Temporal's list shows a release a moment later. */
async function adopterOf(tenantId: string): Promise<TestCustomer> {
  const customer = await aCustomer({}, { source: 'shop' });
  await waitUntil(() =>
    customer.ask('adopt', { tenantId }).then(
      () => true,
      () => false,
    ),
  );
  await isListed(customer);
  return customer;
}

/** Waits until Temporal's list shows which tenant a customer has. */
async function isListed({ ref, status }: TestCustomer): Promise<void> {
  const { tenantId } = await status();
  const query = `WorkflowId = '${customerWorkflowId(ref)}' AND AcronisTenantId = '${tenantId}'`;
  await waitUntil(async () => (await env.client.workflow.count(query)).count > 0);
}

/** Begins a customer that has done this before. */
async function begin(ref: string, done: Partial<Progress>): Promise<void> {
  const memory: CustomerMemory = {
    ...emptyMemory(),
    progress: { ...noProgress(), acts: true, children: [], intents: [], ...done },
  };
  await env.client.workflow.start(CUSTOMER_WORKFLOW, {
    workflowId: customerWorkflowId(ref),
    taskQueue: env.taskQueue,
    args: [{ ref }, memory],
  });
}

describe('one tenant has one customer', () => {
  test('a customer that has released its tenant does not get it back while another one has it', async () => {
    const first = await aCustomer();
    const { tenantId = '' } = await first.until(isSteady);
    await first.ask('release');
    const second = await adopterOf(tenantId);

    await first.ask('converge', { create: true });

    const { blocked } = await first.until(isBlocked);
    expect(blocked!.message).toMatch(hasIt(second, tenantId));
    expect((await first.status()).runs).toHaveLength(1);
    expect(await first.status()).not.toHaveProperty('tenantId');

    await second.ask('release');
    await waitUntil(async () => {
      await first.ask('converge', { create: true });
      return (await first.until((status) => isSteady(status) || isBlocked(status))).state === 'steady';
    });
    expect(await first.status()).toMatchObject({ tenantId });
  });

  test('a tenant that an order has made and another customer has adopted is not taken by the customer of the order', async () => {
    const ref = aReference();
    const { tenantId = '' } = await env.provision({ ...anOrder(), externalRef: ref });
    const second = await adopterOf(tenantId);

    const first = await aCustomer({}, { ref });

    const { blocked } = await first.until(isBlocked);
    expect(blocked!.message).toMatch(hasIt(second, tenantId));
  });

  test('a tenant is the same in capitals', async () => {
    const first = await aCustomer();
    const { tenantId = '' } = await first.until(isSteady);
    await isListed(first);
    const second = await aCustomer({}, { source: 'shop' });

    await expect(second.ask('adopt', { tenantId: tenantId.toUpperCase() })).rejects.toMatchObject({
      cause: { message: expect.stringMatching(`customer:${first.ref} has this tenant`) },
    });
    await first.ask('adopt', { tenantId: tenantId.toUpperCase() });
    expect(await first.status()).toMatchObject({ tenantId });
  });

  test('a tenant that another customer adopts while its creation goes on stays with that customer', async () => {
    env.simulator.faults.next('PUT /tenants/{id}/offering_items', { refuse: 403 });
    const first = await aCustomer();
    await first.until(isBlocked);
    const { id } = env.simulator.world.customers().find(({ name }) => name === `Customer ${first.ref}`)!;
    const second = await adopterOf(id);

    await decideFor(env.client.workflow.getHandle(`provisionCustomer:${first.ref}`), 'retry');

    const status = await first.until(({ runs }) => runs.length > 0);
    expect(status).toMatchObject({
      state: 'blocked',
      blocked: { message: expect.stringMatching(hasIt(second, id)) },
      runs: [{ state: 'completed' }],
    });
    expect(status).not.toHaveProperty('tenantId');
  });

  test('a deleted tenant that somebody has restored for another customer is not restored for the first one', async () => {
    const tenantId = env.simulator.world.addTenant({ name: 'Restored by hand' });
    const second = await adopterOf(tenantId);
    const tenant = { ...(await second.status()).applied!, tenantId };
    const ref = aReference();
    await begin(ref, { gone: { tenant, isRestorable: true } });

    const first = await aCustomer({}, { ref });

    const { blocked } = await first.until(isBlocked);
    expect(blocked!.message).toMatch(hasIt(second, tenantId));
  });

  test('of two customers with one tenant none can disable it', async () => {
    const first = await aCustomer();
    const { tenantId = '', applied } = await first.until(isSteady);
    await isListed(first);
    // both have it since the time when nobody was asked
    const ref = aReference();
    await begin(ref, { tenant: { ...applied!, tenantId } });

    const second = await aCustomer({ state: 'past_due', since: '2026-01-01T00:00:00.000Z' }, { ref });

    const { blocked } = await second.until(isBlocked);
    expect(blocked!.message).toMatch(hasIt(first, tenantId));
    expect(env.simulator.world.tenant(tenantId)!.enabled).toBe(true);
  });
});

describe('one subscription has one customer', () => {
  const unpaid = { state: 'past_due', since: '2026-01-01T00:00:00.000Z' } as const;
  const isMoved = ({ waitingFor = '' }: CustomerStatus) => waitingFor.startsWith('moved: ');
  const quotaOf = async ({ status }: TestCustomer) => (await status()).applied?.quotas['workstations'];
  const tenantsOf = (...customers: TestCustomer[]) =>
    env.simulator.world.customers().filter(({ name }) => customers.some(({ ref }) => name === `Customer ${ref}`));

  test('one that turns up under another reference waits: nothing is taken, nothing is made, and the rest goes on', async () => {
    const first = await aCustomer();
    const { tenantId = '' } = await first.until(isSteady);
    const ref = subscriptionOf(first.ref);

    const second = await aCustomer({ ref, ...unpaid });

    const command = (to: TestCustomer) =>
      `tenantry customer move ${first.ref} --subscription 'store/${ref}' --to ${to.ref} --reason "…"`;
    for (const customer of [first, second]) {
      const { state, waitingFor, subscriptions } = await customer.until(isMoved);
      expect(state).toBe('waiting');
      expect(waitingFor).toContain(
        `${first.ref} has store/${ref}, and its source has spoken of it under ${second.ref}`,
      );
      expect(waitingFor).toContain(`${command(second)}, or, if it stays, ${command(first)}`);
      expect(subscriptions).toMatchObject([{ moved: { owner: first.ref, others: [second.ref] } }]);
      const notified = () =>
        env.notices.some(
          (one) => one.about === 'customer' && one.customer === customer.ref && one.message === waitingFor,
        );
      await waitUntil(async () => notified());
    }
    await first.tell({ ...unpaid, quantity: 1 });
    await first.tell({ ref: `another of ${first.ref}`, quantity: 5 });
    await first.until(({ runs, state }) => runs.length === 2 && state === 'waiting');
    expect(await quotaOf(first)).toEqual({ limit: 30 });
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
    expect((await second.status()).runs).toEqual([]);
    expect(tenantsOf(second)).toEqual([]);
  });

  test('moves when a person says so, and back; the customer that has it hears all that is said of it', async () => {
    const first = await aCustomer();
    const { tenantId = '' } = await first.until(isSteady);
    const ref = subscriptionOf(first.ref);
    const second = await aCustomer({ ref, items: [{ product: 'price_desktop' }] });
    await first.until(isMoved);
    const move = async (from: TestCustomer, to: TestCustomer) =>
      await from.ask('move', { subscription: `store/${ref}`, to: to.ref });

    await move(first, second);

    await second.until(isSteady);
    expect(await quotaOf(second)).toEqual({ limit: 25 });
    const lost = await first.status();
    expect(lost).toMatchObject({ tenantId, wanted: { exists: false }, next: { what: 'suspend' } });
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
    await first.tell({ quantity: 40 });
    await second.until(({ applied }) => applied?.quotas['workstations']?.limit === 40);
    expect(await first.status()).toMatchObject({
      wanted: { exists: false },
      subscriptions: [{ moved: { owner: second.ref, others: [first.ref], by: { actor: 'ann', reason: 'because' } } }],
    });

    await move(second, first);

    await first.until((status) => isSteady(status) && status.applied?.quotas['workstations']?.limit === 40);
    expect((await first.status()).tenantId).toBe(tenantId);
    expect((await second.status()).wanted.exists).toBe(false);
  });

  test('stays when a person says so', async () => {
    const first = await aCustomer();
    await first.until(isSteady);
    const ref = subscriptionOf(first.ref);
    const second = await aCustomer({ ref, quantity: 40 });
    await first.until(isMoved);

    await first.ask('move', { subscription: `store/${ref}`, to: first.ref });

    await first.until((status) => isSteady(status) && status.applied?.quotas['workstations']?.limit === 40);
    expect(await second.until((status) => !isMoved(status))).toMatchObject({
      state: 'waiting',
      wanted: { exists: false },
    });
    expect(tenantsOf(second)).toEqual([]);
  });

  test('of two that hear of it in the same moment one gets a tenant', async () => {
    const ref = subscriptionOf(aReference());

    const customers = await Promise.all([1, 2, 3].map(async () => await aCustomer({ ref })));

    for (const customer of customers) await customer.until((status) => isMoved(status));
    const owners = await Promise.all(
      customers.map(async ({ status }) => (await status()).subscriptions[0]!.moved!.owner),
    );
    expect(new Set(owners).size).toBe(1);
    expect(tenantsOf(...customers).length).toBeLessThanOrEqual(1);
  });
});

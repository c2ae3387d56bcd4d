import { describe, expect, test } from '@jest/globals';
import type { CustomerStatus } from '../../../contract/customers.js';
import { milestones } from '../../../contract/milestones.js';
import { ONBOARDING_QUERY, type Onboarding } from '../../../contract/onboarding.js';
import type { OperationStatus } from '../../../contract/status.js';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { factReader } from '../../support/fact-reader.js';
import { pause } from '../../support/pause.js';
import { waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const plan = (product: string, agents: number | 'quantity') => ({
  offeringItems: ['workstations'],
  quotas: { workstations: { perUnit: 1 } },
  sold: { shop: [product], store: [product] },
  protect: { template: 'workstations', agents },
  rules: { ended: { suspendAfter: '0 days', offboard: 'ask', grace: '30 days' } },
});
const plans = { 'one-machine': plan('price_one', 1), 'each-machine': plan('price_each', 'quantity') };
const env = useVirtualEnvironment({}, { readFacts: factReader(plans), brake: 'off' });
const aCustomer = customersIn(env);
const world = () => env.simulator.world;

const one = (quantity = 5) => ({ items: [{ product: 'price_one', quantity }] });
const each = (quantity: number) => ({ items: [{ product: 'price_each', quantity }] });

/** The run looks once an hour after some hours, so a wait for it takes long steps. */
async function withinDays(customer: TestCustomer, fits: (status: CustomerStatus) => boolean): Promise<CustomerStatus> {
  const end = Date.now() + 3 * 24 * 3_600_000;
  for (;;) {
    const status = await customer.status();
    if (fits(status)) return status;
    if (Date.now() > end) throw new Error(`not within days: ${fits.toString()} ${JSON.stringify(status)}`);
    await pause(20 * 60_000);
  }
}

const runOf = ({ protection }: CustomerStatus) => protection?.run;
const isMissing = (what: RegExp) => (status: CustomerStatus) => what.test(status.protection?.missing?.what ?? '');
const isWaiting = isMissing(/a machine with the agent/);
const protections = ({ runs }: CustomerStatus) => runs.filter(({ operation }) => operation === 'protectCustomer');
const stateOfRun = async (id: string) =>
  (await env.client.workflow.getHandle(id).query<OperationStatus>('status')).state;

/** A customer with a tenant whose run waits for the first machine. */
async function aWaitingCustomer(sold: object = one()) {
  const customer = await aCustomer(sold);
  const status = await withinDays(customer, isWaiting);
  return { ...customer, tenantId: status.tenantId!, run: runOf(status)!.id };
}

/** A machine registers, gets the plan, and makes a backup. */
async function protectOne(customer: TestCustomer, tenantId: string): Promise<void> {
  const { resourceId } = world().addMachine({ tenantId });
  await withinDays(customer, () => world().applications(resourceId).length > 0);
  world().backUp(resourceId);
}

describe('a customer whose plan says that it is protected', () => {
  test('reaches its milestones in order, and goes on with everything else meanwhile', async () => {
    const customer = await aWaitingCustomer();
    const { tenantId, run } = customer;
    expect(await customer.handle.query<Onboarding>(ONBOARDING_QUERY)).toMatchObject({
      tenantId,
      run,
      missing: 'a machine with the agent installed',
      whoMustAct: 'customer',
      machines: { expected: 1, registered: 0 },
      token: { secretRef: expect.stringMatching(/^store:/) },
    });
    await customer.tell(one(7));
    await withinDays(customer, ({ applied }) => applied?.quotas['workstations']?.limit === 7);
    expect(await stateOfRun(run)).toBe('running');

    await protectOne(customer, tenantId);
    const done = await withinDays(customer, ({ milestones: reached }) => reached.protected !== null);

    expect(done).toMatchObject({ state: 'steady', protection: { run: { id: run, state: 'completed' } } });
    const times = milestones.flatMap((milestone) => done.milestones[milestone] ?? []);
    expect(times.length).toBeGreaterThanOrEqual(4);
    expect(done.milestones.provisioned! < done.milestones.protected!).toBe(true);
    await customer.tell(one(9));
    const after = await withinDays(customer, ({ applied }) => applied?.quotas['workstations']?.limit === 9);
    expect(protections(after)).toHaveLength(1);
    expect(after.milestones).toEqual(done.milestones);
  });

  test('is not started again for fewer machines, but for more', async () => {
    const customer = await aWaitingCustomer(each(1));
    await protectOne(customer, customer.tenantId);
    await withinDays(customer, ({ milestones: reached }) => reached.protected !== null);

    await customer.tell(each(2));

    const more = await withinDays(customer, isMissing(/1 machine more/));
    expect(more.protection).toMatchObject({ agents: 2, machines: { expected: 2, protected: 1 } });
    expect(more.milestones.protected).not.toBeNull();
    await customer.tell(each(1));
    // the quota is lowered beside the run that ends
    await withinDays(customer, (status) => runOf(status)?.state === 'cancelled' && status.state === 'steady');
  });

  test('remembers all of it when it continues as new', async () => {
    const customer = await aWaitingCustomer();
    const before = await customer.status();
    const { runId } = await customer.handle.describe();
    const isContinued = async () => (await customer.handle.describe()).runId !== runId;
    for (let sent = 0; sent < 30 && !(await isContinued()); sent += 1) {
      for (let nth = 0; nth < 50; nth += 1) await customer.tell(one());
      await customer.until(({ unread }) => unread === undefined);
    }
    expect(await isContinued()).toBe(true);
    expect((await customer.status()).protection).toEqual(before.protection);

    await protectOne(customer, customer.tenantId);

    const { milestones: reached } = await withinDays(customer, (status) => status.milestones.protected !== null);
    expect(reached.provisioned).toBe(before.milestones.provisioned);
  });

  test.each<[string, (customer: TestCustomer) => Promise<unknown>]>([
    ['nothing is sold any more', async ({ tell }) => await tell({ ...one(), state: 'ended' })],
    ['its plan says nothing of it any more', async ({ tell }) => await tell({})],
    ['its tenant is released', async ({ ask }) => await ask('release')],
  ])('cancels its run when %s', async (_, happen) => {
    const customer = await aWaitingCustomer();

    await happen(customer);

    await waitUntil(async () => (await stateOfRun(customer.run)) === 'cancelled');
    const status = await withinDays(customer, (now) => protections(now).length === 1);
    expect(status.state).not.toBe('blocked');
  });

  test('starts nothing while it is only observed, or paused', async () => {
    const observed = await aCustomer(one(), { source: 'shop' });
    const paused = await aCustomer({ items: [{ product: 'price_desktop', quantity: 1 }] });
    await paused.until(({ state }) => state === 'steady');
    await paused.ask('pause');
    await paused.tell(one());
    await pause(24 * 3_600_000);

    for (const customer of [observed, paused]) {
      const status = await customer.status();
      expect(status).toMatchObject({ protection: { template: 'workstations', agents: 1 } });
      expect(runOf(status)).toBeUndefined();
    }
    await paused.ask('resume');
    await withinDays(paused, isWaiting);
  });

  test('shows a block as its own trouble, and does everything else', async () => {
    const customer = await aCustomer({ items: [{ product: 'price_desktop', quantity: 1 }] });
    await customer.until(({ state }) => state === 'steady');
    env.simulator.faults.next('POST /api/policy_management/v4/policies', { refuse: 403 });
    await customer.tell(one(3));
    const blocked = await withinDays(customer, ({ state }) => state === 'blocked');
    expect(blocked.blocked?.run).toBe(runOf(blocked)?.id);
    expect(blocked.running).toBeUndefined();

    await customer.tell(one(4));

    const changed = await withinDays(customer, ({ applied }) => applied?.quotas['workstations']?.limit === 4);
    expect(changed.protection?.blocked).toMatchObject({ run: runOf(blocked)?.id });
  });

  test('joins the run of a person, and leaves it to that person', async () => {
    const tenantId = world().addTenant({ name: 'Joined', kind: 'customer' });
    const theirs = await env.begin(
      'protectCustomer',
      { tenant: { id: tenantId }, template: 'workstations' },
      `protectCustomer:${tenantId}`,
    );
    const customer = await aCustomer(one(), { customer: { name: 'Joined' } });
    await customer.until(({ waitingFor }) => waitingFor !== undefined);
    await customer.ask('adopt', { tenantId });
    const joined = await withinDays(customer, isWaiting);
    expect(runOf(joined)?.id).toBe(theirs.workflowId);

    await customer.tell({ ...one(), state: 'ended' });

    await withinDays(customer, (status) => runOf(status)?.state !== 'running');
    expect(await stateOfRun(theirs.workflowId)).toBe('running');
    await theirs.cancel();
  });
});

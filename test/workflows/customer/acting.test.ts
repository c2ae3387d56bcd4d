import { describe, expect, test } from '@jest/globals';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { tenantryState } from '../../../contract/search-attributes.js';
import { aReference, customersIn, type TestCustomer } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { decideFor, waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { readFacts });
const aCustomer = customersIn(env);

const isSteady = ({ state }: { state: string }) => state === 'steady';
const tenantOf = async (customer: TestCustomer) => {
  const { tenantId } = await customer.status();
  return env.simulator.world.tenant(tenantId!);
};

describe('a customer that is acted for', () => {
  test('gets a tenant when it has bought something', async () => {
    const customer = await aCustomer();

    const status = await customer.until(isSteady);

    expect(status).toMatchObject({
      tenantId: expect.any(String),
      applied: { exists: true, enabled: true, quotas: { workstations: { limit: 25 } } },
      runs: [{ operation: 'provisionCustomer', id: `provisionCustomer:${customer.ref}`, state: 'completed' }],
    });
    expect(status).not.toHaveProperty('observed');
    expect(await tenantOf(customer)).toMatchObject({ name: `Customer ${customer.ref}`, customer_id: customer.ref });
  });

  test('is so also when a person has said it before the first fact was read', async () => {
    const ref = aReference();
    const workflowId = customerWorkflowId(ref);
    const handle = await env.client.workflow.start('customer', {
      workflowId,
      taskQueue: env.taskQueue,
      args: [{ ref }],
    });
    await handle.executeUpdate('act', { args: [{ actor: 'ann', reason: 'because' }] });

    const customer = await aCustomer({}, { ref, source: 'shop' });

    await customer.until(isSteady);
  });

  test('is disabled when it does not pay, and enabled when it pays again', async () => {
    const customer = await aCustomer();
    await customer.until(isSteady);

    await customer.tell({ state: 'past_due', since: new Date().toISOString() });
    await customer.until(({ state }) => state === 'suspended');
    expect(await tenantOf(customer)).toMatchObject({ enabled: false });

    await customer.tell({ state: 'active' });
    await customer.until(isSteady);
    expect(await tenantOf(customer)).toMatchObject({ enabled: true });
  });
});

test('an event is recorded until all that is sold is done, and applied then', async () => {
  env.simulator.faults.next('PUT /tenants/{id}/offering_items', { refuse: 403 });
  const customer = await aCustomer();
  const outcomesWhen = async (wanted: string) =>
    (await customer.until(({ state }) => state === wanted)).events.map(({ outcome }) => outcome);

  expect(await outcomesWhen('blocked')).toEqual(['recorded']);
  await decideFor(env.client.workflow.getHandle(`provisionCustomer:${customer.ref}`), 'retry');
  expect(await outcomesWhen('steady')).toEqual(['applied']);
});

describe('a customer whose run does not complete', () => {
  const ITEMS = 'PUT /tenants/{id}/offering_items';
  const runOf = ({ ref }: TestCustomer) => env.client.workflow.getHandle(`provisionCustomer:${ref}`);

  test('shows why the run is blocked and what can be done, and goes on after a decision', async () => {
    env.simulator.faults.next(ITEMS, { refuse: 403 });
    const customer = await aCustomer();

    const { blocked } = await customer.until(({ state }) => state === 'blocked');
    expect(blocked).toMatchObject({
      run: `provisionCustomer:${customer.ref}`,
      choices: expect.arrayContaining(['retry']),
    });
    await decideFor(runOf(customer), 'retry');

    expect(await customer.until(isSteady)).not.toHaveProperty('blocked');
  });

  test('is found among the blocked ones as long as the run is blocked, and not longer', async () => {
    env.simulator.faults.next(ITEMS, { refuse: 403 });
    const customer = await aCustomer();
    const listed = async () => (await customer.handle.describe()).typedSearchAttributes.get(tenantryState);

    await waitUntil(async () => (await listed()) === 'blocked');
    await decideFor(runOf(customer), 'retry');

    await customer.until(isSteady);
    await waitUntil(async () => (await listed()) === 'steady');
  });

  test('goes on reading facts, and cancels a blocked run of its own when nothing is sold any more', async () => {
    env.simulator.faults.next(ITEMS, { refuse: 403 });
    const customer = await aCustomer();
    await customer.until(({ state }) => state === 'blocked');

    await customer.tell({ state: 'ended', until: '2026-01-01T00:00:00.000Z' });

    const status = await customer.until(({ runs }) => runs.length > 0);
    expect(status).toMatchObject({ state: 'waiting', runs: [{ operation: 'provisionCustomer', state: 'cancelled' }] });
    expect(env.simulator.world.customers().filter(({ name }) => name === `Customer ${customer.ref}`)).toEqual([]);
  });

  test('says what was refused, and tries again when a fact changes it', async () => {
    const login = 'taken.login';
    const customer = await aCustomer({}, { customer: { login } });
    const { blocked } = await customer.until(({ state }) => state === 'blocked');
    expect(blocked!.message).toContain(login);

    await customer.tell({}, { login: `free@${customer.ref.toLowerCase()}.example` });

    await customer.until(isSteady);
  });

  test('tries the same again when a person asks for it, and not before', async () => {
    env.simulator.faults.next(ITEMS, { refuse: 403 });
    const customer = await aCustomer();
    await customer.until(({ state }) => state === 'blocked');
    await decideFor(runOf(customer), 'abort');
    const failed = await customer.until(({ runs }) => runs.length === 1);
    expect(failed).toMatchObject({ state: 'blocked', runs: [{ state: 'undone' }] });
    const noticesOf = () => env.notices.filter((one) => one.about === 'customer' && one.customer === customer.ref);
    await waitUntil(async () => noticesOf().length > 0);
    await customer.tell({});
    await customer.until(({ events }) => events.length === 2);
    expect((await customer.status()).runs).toHaveLength(1);

    expect(noticesOf()).toMatchObject([{ type: 'Undone', message: failed.blocked!.message }]);
    await customer.ask('converge');

    expect((await customer.until(isSteady)).runs).toHaveLength(2);
  });
});

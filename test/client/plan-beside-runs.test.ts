import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { makePlan } from '../../planning/plan.js';
import { loadClientSettings } from '../../settings/client.js';
import { tenantryHere } from '../support/command-here.js';
import { changeFirstUser } from '../support/console.js';
import { waitUntil } from '../support/runs.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder } from '../support/command.js';

const env = useTestEnvironment();

function cloud() {
  const { url, clientId, clientSecret } = env.simulator;
  return {
    ACRONIS_BASE_URL: url,
    ACRONIS_CLIENT_ID: clientId,
    ACRONIS_CLIENT_SECRET: clientSecret,
    TENANTRY_ENV: 'test',
  };
}

async function planned(order: unknown) {
  const temporal = loadClientSettings({ TEMPORAL_ADDRESS: env.engine.address });
  return await makePlan('provisionCustomer', order, { environment: cloud(), temporal });
}

const planCommand = async (order: unknown, more: readonly string[] = []) => await onOrder('plan', order, more);

async function onOrder(command: string, order: unknown, more: readonly string[], address = env.engine.address) {
  const file = join(emptyFolder, `${randomUUID()}.json`);
  writeFileSync(file, JSON.stringify(order));
  const variables = { ...cloud(), TEMPORAL_ADDRESS: address };
  return await tenantryHere([command, 'provisionCustomer', '--input', file, ...more], variables);
}

const idOf = ({ customer }: ReturnType<typeof anOrder>) => `provisionCustomer:${customer['customerId'] as string}`;

/** A run that is blocked at its user. */
async function aBlockedRun() {
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next('POST /users', { refuse: 403 });
  const handle = await env.start(order, idOf(order));
  const search = async () => (await handle.describe()).searchAttributes['TenantryState'];
  await waitUntil(async () => String(await search()) === 'blocked');
  return { order, handle };
}

test('a plan for an order whose run is blocked says that it would be joined, and where that is blocked', async () => {
  const { order, handle } = await aBlockedRun();
  env.calls();

  const plan = await planned(order);
  const { code, stdout } = await planCommand(order);

  expect(plan).toMatchObject({ id: idOf(order), steps: [], refused: [] });
  expect(plan.joins).toMatchObject({ state: 'blocked', step: 'ensureUser', reason: 'Acronis.Forbidden' });
  expect(stdout).toMatch(/would join the run .*, which is blocked at ensureUser \(Acronis\.Forbidden\)/);
  expect(stdout).not.toMatch(/POST|would do/);
  expect(code).toBe(0);
  expect(env.calls()).toEqual([]);
  await handle.cancel();
});

test('a plan for another order while a run is open is refused and names what differs, with exit code 2', async () => {
  const { order, handle } = await aBlockedRun();

  const { code, stdout } = await planCommand({ ...order, twoFactor: false });

  expect(code).toBe(2);
  expect(stdout).toMatch(/would be refused/);
  expect(stdout).toMatch(/twoFactor is true there and false here/);
  await handle.cancel();
});

test('a plan of a run that is open is another one once that run is blocked', async () => {
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next('POST /users', { refuse: 403 });
  const before = await planned(order);
  const handle = await env.start(order, idOf(order));
  const state = async () => String((await handle.describe()).searchAttributes['TenantryState']);
  await waitUntil(async () => (await state()) === 'blocked');

  expect((await planned(order)).planHash).not.toBe(before.planHash);
  await handle.cancel();
});

test('a plan for an order that is finished would change nothing; for another one it is refused and names what differs', async () => {
  const order = anOrder();
  await env.provision(order, idOf(order));

  const same = await planCommand(order, ['--json']);
  const other = await planCommand({ ...order, twoFactor: false });

  const { steps } = JSON.parse(same.stdout) as Awaited<ReturnType<typeof planned>>;
  expect(steps.filter(({ state }) => state === 'would do')).toEqual([]);
  const summaryOf = (name: string) => steps.find(({ step }) => step === name)?.summary;
  expect(summaryOf('ensureUser')).toBe(`User ${order.administrator.login}`);
  expect(summaryOf('assignRole')).toBe(`Role of ${order.administrator.login}`);
  expect(same.code).toBe(0);
  expect(other.code).toBe(2);
  expect(other.stdout).toMatch(/twoFactor was true and is false/);
});

test('a plan for a finished order whose user has another login by now finds that user, as a run does', async () => {
  const order = anOrder();
  const { tenantId } = await env.provision(order, idOf(order));
  await changeFirstUser(env.simulator, tenantId!, { login: `new-${order.administrator.login}` });

  const { steps } = await planned(order);

  expect(steps.filter(({ state }) => state === 'would do')).toEqual([]);
  const summary = expect.stringContaining(`to "new-${order.administrator.login}"`);
  expect(steps.find(({ step }) => step === 'ensureUser')).toMatchObject({ summary });
});

test('a cancelled run does not affect a plan', async () => {
  const { order, handle } = await aBlockedRun();
  await handle.cancel();
  await handle.result().catch(() => undefined);

  const plan = await planned(order);

  expect(plan.joins).toBeUndefined();
  expect(plan.steps).toContainEqual(expect.objectContaining({ step: 'ensureCustomerTenant', state: 'would do' }));
});

test('a Temporal that does not answer is a warning, and the plan is still made', async () => {
  const order = anOrder();
  const temporal = loadClientSettings({ TEMPORAL_ADDRESS: '127.0.0.1:1' });

  const plan = await makePlan('provisionCustomer', order, { environment: cloud(), temporal });
  const { planHash } = await planned(order);

  expect(plan.warnings).toContainEqual(expect.stringMatching(/Temporal could not be asked: a run of .* may be open/));
  expect(plan.steps).not.toEqual([]);
  expect(plan.planHash).toBe(planHash);
});

test('without Temporal, a plan of a finished order says which steps are uncertain and why, and cannot be run by its hash', async () => {
  const order = anOrder();
  await (await env.start(order, idOf(order))).result();
  const certain = await planned(order);

  const { code, stdout } = await onOrder('plan', order, [], '127.0.0.1:1');
  const json = await onOrder('plan', order, ['--json'], '127.0.0.1:1');
  const run = await onOrder('run', order, ['--plan', certain.planHash], '127.0.0.1:1');

  expect(certain.steps.filter(({ state }) => state === 'would do')).toEqual([]);
  const { steps, planHash } = JSON.parse(json.stdout) as Awaited<ReturnType<typeof makePlan>>;
  const doing = steps.filter(({ state }) => state === 'would do');
  const why = expect.stringContaining('only Temporal knows');
  expect(doing).toEqual([expect.objectContaining({ step: 'sendActivationEmail', uncertain: why })]);
  expect(planHash).not.toBe(certain.planHash);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^provisionCustomer as .* would do, but that is uncertain\n/);
  expect(stdout).toMatch(/sendActivationEmail: .*\n.*\n +uncertain: an earlier run may have done this/);
  expect(stdout).not.toContain('Run exactly this plan');
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('Temporal could not be asked') });
});

test('a plan of a finished order whose tenant was switched off says that its run would wait for a person, with exit code 4', async () => {
  const order = anOrder({ onFailure: 'ask' });
  const handle = await env.start(order, idOf(order));
  const { tenantId } = (await handle.result()) as { tenantId: string };
  env.simulator.world.disable(tenantId);

  const { code, stdout } = await planCommand(order);
  const json = await planCommand(order, ['--json']);
  const undoing = await planCommand({ ...order, onFailure: 'undo' });

  expect(code).toBe(4);
  expect(stdout.split('\n')[0]).toMatch(/would wait for a person$/);
  expect(stdout).toMatch(/at ensureCustomerTenant: Tenantry\.SwitchedOff: .*is switched off: .*enableTenant/);
  expect(stdout).toContain(`tenantry retry ${idOf(order)} --reason`);
  expect(stdout).not.toContain('Insist on this plan');
  expect(json.code).toBe(4);
  expect(JSON.parse(json.stdout)).toMatchObject({
    verdict: 'would wait for a person',
    refused: [],
    waits: [{ step: 'ensureCustomerTenant', type: 'Tenantry.SwitchedOff', choices: ['retry', 'amend', 'abort'] }],
  });
  expect(undoing.code).toBe(2);
  await env.start(order, idOf(order));
  const state = async () =>
    String((await env.client.workflow.getHandle(idOf(order)).describe()).searchAttributes['TenantryState']);
  await waitUntil(async () => (await state()) === 'blocked');
  await env.client.workflow.getHandle(idOf(order)).cancel();
});

test('the first line of a plan names the refusal of the cloud, with exit code 2', async () => {
  const { code, stdout } = await planCommand(anOrder({ administrator: { login: 'taken.login' } }));

  expect(code).toBe(2);
  expect(stdout.split('\n')[0]).toMatch(/would be refused$/);
  expect(stdout).not.toMatch(/would do/);
});

import { describe, expect, test } from '@jest/globals';
import type { CustomerHistory } from '../../client/customer-history.js';
import { anOrder } from '../support/orders.js';
import { waitUntil } from '../support/runs.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment();
const { tenantry } = env;

const run = async (operation: string, order: object, ...flags: string[]) =>
  await tenantry(['run', operation, '--input', '-', ...flags], {}, JSON.stringify(order));
const customer = async (wanted: string, ...flags: string[]) =>
  await tenantry(['customer', wanted, ...flags], env.cloud());
const historyOf = async (wanted: string) => JSON.parse((await customer(wanted, '--json')).stdout) as CustomerHistory;

/** A customer that was made, suspended, resumed, and is being offboarded. */
async function leaving(name: string): Promise<string> {
  const tenantId = env.simulator.world.addTenant({ name, customer_id: `id-of-${name}` });
  const tenant = { id: tenantId };
  await run('disableTenant', { tenant, externalRef: `unpaid-${name}` });
  await run('enableTenant', { tenant: { name } });
  await run('offboardCustomer', { tenant, grace: '30 days', confirm: name }, '--no-wait');
  await waitUntil(async () => (await historyOf(tenantId)).runs.at(-1)?.status?.grace !== undefined);
  return tenantId;
}

test('a customer has one history, whatever the ids of its runs: what was done, what goes on, and what can be typed', async () => {
  const id = await leaving('Story');

  const { code, stdout } = await customer('Story');

  expect(code).toBe(0);
  const [heading, titles, ...lines] = stdout.split('\n');
  expect(heading).toBe(`Story, tenant ${id}, disabled`);
  expect(titles).toMatch(/^FROM +TO +RUN +STATE$/);
  expect(lines.slice(0, 3)).toEqual([
    expect.stringMatching(/^\d{4}-\S+Z +\d{4}-\S+Z +disableTenant:unpaid-Story +completed$/),
    expect.stringMatching(/^\d{4}-\S+Z +\d{4}-\S+Z +enableTenant:\S+ +completed$/),
    expect.stringMatching(/^\d{4}-\S+Z +offboardCustomer:\S+ +running: it is deleted at \d{4}-/),
  ]);
  expect(stdout).toContain(`tenantry restore offboardCustomer:${id} --reason`);
});

test('a customer is found by tenant id, name, customer id and reference', async () => {
  const id = await leaving('Alike');

  const found = await Promise.all(['Alike', id, 'id-of-Alike', 'unpaid-Alike'].map(historyOf));

  for (const { tenantId, now, runs } of found) {
    expect({ tenantId, now }).toEqual({ tenantId: id, now: { name: 'Alike', state: 'disabled' } });
    expect(runs.map(({ operation, state }) => `${operation} ${state}`)).toEqual([
      'disableTenant completed',
      'enableTenant completed',
      'offboardCustomer running',
    ]);
  }
});

test('a customer that was restored and deleted keeps its history, and no run of it stays open', async () => {
  const id = await leaving('To and fro');
  const tenant = { id };

  expect(await run('restoreCustomer', { tenant })).toMatchObject({ code: 0 });
  await run('offboardCustomer', { tenant, grace: '1 second', confirm: 'To and fro', finalReport: false });

  const { stdout } = await customer('To and fro');
  expect(stdout).toMatch(new RegExp(`^To and fro, tenant ${id}, deleted at \\d{4}-`));
  expect(stdout).toMatch(/offboardCustomer:\S+ +undone: restoreCustomer:\S+ \(not verified\) took it back/);
  expect(stdout).toMatch(/restoreCustomer:\S+ +completed/);
  expect(stdout).toMatch(/offboardCustomer:\S+ +completed: deleted at \d{4}-/);
  expect(stdout).toMatch(/restoreCustomer may bring back what is deleted at \d{4}-/);

  expect(await run('restoreCustomer', { tenant })).toMatchObject({
    stdout: expect.stringContaining('  came back as "To and fro"; tenants below it: 0, users: 0\n'),
  });
  const back = (await customer(id)).stdout;
  expect(back).toMatch(/restoreCustomer:\S+ +completed: came back as "To and fro"/);
  expect(back).not.toContain('may bring back');
  const open = async () => {
    const names: string[] = [];
    for await (const { workflowId } of env.client.workflow.list({ query: "ExecutionStatus = 'Running'" }))
      if (workflowId.includes(id)) names.push(workflowId);
    return names;
  };
  await waitUntil(async () => (await open()).length === 0);
});

test('without a cloud the history shows what Temporal knows', async () => {
  const id = env.simulator.world.addTenant({ name: 'Out of reach' });
  await run('disableTenant', { tenant: { id } });

  const known = await tenantry(['customer', id]);
  const unknown = await tenantry(['customer', 'Out of reach']);

  expect(known.stdout.split('\n')[0]).toBe(`tenant ${id}`);
  expect(known.stdout).toContain(`disableTenant:${id}`);
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/only the cloud.*ACRONIS_BASE_URL/),
  });
});

describe('is refused in words', () => {
  test('a customer that nobody knows', async () => {
    for (const wanted of ['Nobody, Inc', '', "it's"])
      expect(await customer(wanted)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(/^No tenant/),
      });
  });

  test('a name that several tenants have', async () => {
    env.simulator.world.remove(env.simulator.world.addTenant({ name: 'Twice' }));
    const ids = [1, 2].map(() => env.simulator.world.addTenant({ name: 'Twice' }));

    const { code, stderr } = await customer('Twice');

    expect(code).toBe(2);
    expect(stderr).toMatch(/fits 3 tenants; give the id of one:/);
    for (const id of ids) expect(stderr).toContain(`${id}  customer  Twice\n`);
    expect(stderr).toMatch(/customer {2}Twice {2}deleted at \d{4}-/);
  });
});

test('of a customer that was deleted and created again the new tenant is meant, and the history has both', async () => {
  const first = env.simulator.world.addTenant({ name: 'West', customer_id: 'west' });
  await run('disableTenant', { tenant: { customerId: 'west' } });
  env.simulator.world.remove(first);
  const second = env.simulator.world.addTenant({ name: 'West', customer_id: 'west' });
  await run('lockTenant', { tenant: { customerId: 'west' } });

  for (const wanted of ['west', 'West']) {
    const { tenantId, now, before, runs } = await historyOf(wanted);
    expect({ tenantId, now }).toEqual({ tenantId: second, now: { name: 'West', state: 'enabled' } });
    expect(before).toEqual([{ tenantId: first, name: 'West', deletedAt: expect.stringMatching(/^\d{4}-/) }]);
    expect(runs.map(({ operation, tenantId: at }) => [operation, at])).toEqual([
      ['disableTenant', first],
      ['lockTenant', second],
    ]);
  }
  const { stdout } = await customer('west');
  expect(stdout).toMatch(new RegExp(`^West, tenant ${second}, enabled\nbefore: West, tenant ${first} \\(deleted at `));
  expect(await tenantry(['customer', 'west'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/fits 2 tenants/),
  });
});

test('of a customer that was cancelled and ordered again the second tenant is meant, also without a cloud', async () => {
  const order = anOrder({ onFailure: 'ask', administrator: { login: `again-${process.pid}` } });
  const key = order.customer['customerId'] as string;
  env.simulator.faults.next('POST /users', { refuse: 403 });
  await run('provisionCustomer', order);
  await tenantry(['cancel', `provisionCustomer:${key}`, '--reason', 'withdrawn']);
  await tenantry(['watch', `provisionCustomer:${key}`]);
  await run('provisionCustomer', order);

  const { tenantId, before, runs } = await historyOf(key);
  const blind = JSON.parse((await tenantry(['customer', key, '--json'])).stdout) as CustomerHistory;

  expect(runs.map(({ state, tenantId: at }) => [state, at === tenantId])).toEqual([
    ['cancelled', false],
    ['completed', true],
  ]);
  expect(before).toHaveLength(1);
  expect(blind).toMatchObject({ tenantId, runs });
});

test('a customer without runs is reported as such', async () => {
  const id = env.simulator.world.addTenant({ name: 'Quiet' });

  expect((await customer('Quiet')).stdout).toBe(`Quiet, tenant ${id}, enabled\nTemporal keeps no run of it\n`);
});

const listed = async (wanted: string, ...flags: string[]) => {
  const { stdout } = await tenantry(['list', '--customer', wanted, ...flags, '--json']);
  return (JSON.parse(stdout) as { operation: string }[]).map(({ operation }) => operation);
};

test('all runs of a customer are listed by the name or the key in one of their orders, spaces included', async () => {
  const named = { tenant: { name: 'Named, Inc' } };
  const keyed = { tenant: { id: env.simulator.world.addTenant({ name: 'Named, Inc' }) }, externalRef: 'crm 7' };
  await run('disableTenant', named);
  await run('enableTenant', keyed);

  const both = ['enableTenant', 'disableTenant'];
  expect(await listed(keyed.tenant.id.toUpperCase())).toContain('enableTenant');
  expect(await listed('Named, Inc')).toEqual(both);
  expect(await listed('crm 7')).toEqual(both);
  expect(await listed('crm')).toEqual([]);
  expect(await listed('constructor')).toEqual([]);
});

test('runs whose ids name more than the customer are listed, also those that never reached its tenant', async () => {
  const tenant = { customerId: 'north' };
  const user = { login: 'north.user', email: 'north@example.com' };
  await run('addUser', { tenant, user, role: 'company_admin', onFailure: 'undo' });
  await run('produceReport', { tenant, kind: 'usage_current', level: 'accounts', onFailure: 'undo' });
  expect(await listed('north')).toEqual(['produceReport', 'addUser']);

  env.simulator.world.addTenant({ name: 'The North', customer_id: 'north' });
  await run('createResourceGroup', { tenant, name: 'Laptops of the north', condition: 'nb-*' });
  await run('disableTenant', { tenant: { name: 'The North' } });

  const all = ['disableTenant', 'createResourceGroup', 'produceReport', 'addUser'];
  expect(await listed('north')).toEqual(all);
  expect(await listed('north', '--state', 'completed')).toEqual(['disableTenant', 'createResourceGroup']);
  expect(await listed('nort')).toEqual([]);
});

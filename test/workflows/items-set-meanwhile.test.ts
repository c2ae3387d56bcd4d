import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { decideFor, startBlocked, waitUntil, waitForState } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const PUT_ITEMS = 'PUT /tenants/{id}/offering_items';
const PUT_EDITION = 'PUT /tenants/{id}/edition';
const MAIL = 'POST /users/{id}/send-activation-email';

type Quotas = Record<string, number | null>;

async function quotasOf(tenantId: string): Promise<Quotas> {
  const rows = await consoleClient(env.simulator).offeringItems.list(tenantId);
  return Object.fromEntries(
    rows.filter(({ status }) => status === 1).map((row) => [row.name, row.quota?.value ?? null]),
  );
}

/** A person sets a quota in the console, or switches the item off. */
async function set(tenantId: string, name: string, value: number | null | 'off'): Promise<void> {
  const { offeringItems } = consoleClient(env.simulator);
  const offered = await offeringItems.availableForChild(env.simulator.rootTenantId, { kind: 'customer' });
  const row = [...(await offeringItems.list(tenantId)), ...offered].find((one) => one.name === name)!;
  const item = { application_id: row.application_id, name, infra_id: row.infra_id };
  const quota = { overage: null, version: row.quota?.version ?? 0 };
  const change = value === 'off' ? { ...item, status: 0 } : { ...item, status: 1, quota: { ...quota, value } };
  await offeringItems.put(tenantId, [change]);
}

async function retryUntilBlockedAt(handle: Awaited<ReturnType<typeof startBlocked>>, step: string): Promise<void> {
  await decideFor(handle, 'retry');
  await waitUntil(async () => (await waitForState(handle, 'blocked')).blocked.step === step);
}

const quotas = { workstations: { limit: 50 } };

/** A customer of an earlier run with ten workstations, and an order for more of which some calls are refused. */
async function orderRefusedAt(routes: readonly string[], more: object = { quotas }) {
  const order = anOrder({ onFailure: 'ask', offeringItems: ['workstations', 'servers'], ...more });
  const user = { login: `meanwhile-${String(order.customer.customerId)}`, email: 'user@example.com' };
  const first = { customer: order.customer, offeringItems: ['workstations'], user };
  const { tenantId = '' } = await env.run('enableBackupUser', first);
  await set(tenantId, 'workstations', 10);
  for (const route of routes) env.simulator.faults.next(route, { refuse: 403 });
  return { tenantId, handle: await startBlocked(env, 'provisionCustomer', order) };
}

describe('an order that is given up in the customer of an earlier run', () => {
  test('puts back what a person has set while it was blocked, not what was there before', async () => {
    const { tenantId, handle } = await orderRefusedAt([PUT_ITEMS, MAIL]);
    await set(tenantId, 'workstations', 40);
    await retryUntilBlockedAt(handle, 'sendActivationEmail');
    expect(await quotasOf(tenantId)).toEqual({ workstations: 50, servers: null });

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(await quotasOf(tenantId)).toEqual({ workstations: 40 });
  });

  test('leaves what a person has done itself while it was blocked', async () => {
    const { tenantId, handle } = await orderRefusedAt([PUT_ITEMS, MAIL]);
    await set(tenantId, 'workstations', 50);
    await retryUntilBlockedAt(handle, 'sendActivationEmail');

    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Undone' });
    expect(await quotasOf(tenantId)).toEqual({ workstations: 50 });
  });

  test('names an item that was ordered without a quota once a person has given it one', async () => {
    const { tenantId, handle } = await orderRefusedAt([MAIL]);
    await set(tenantId, 'servers', 30);

    await decideFor(handle, 'abort');

    const reason = expect.stringMatching(/others have changed.*servers/);
    expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Leftovers', leftovers: [{ reason }] });
    expect(await quotasOf(tenantId)).toEqual({ workstations: 10, servers: 30 });
  });

  test('takes nothing away where an agent is, because its usage is counted late', async () => {
    const { tenantId, handle } = await orderRefusedAt([MAIL]);
    env.simulator.world.addMachine({ tenantId, hostname: 'srv-1' });

    await decideFor(handle, 'abort');

    const reason = expect.stringMatching(/perhaps in use \(an agent is in the tenant: srv-1\).*workstations/);
    expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Leftovers', leftovers: [{ reason }] });
    expect(await quotasOf(tenantId)).toEqual({ workstations: 50, servers: null });
  });
});

test('an item that a person has switched on while the run was blocked stays when a user cannot be added', async () => {
  const { tenantId = '' } = await env.provision(anOrder({ offeringItems: ['workstations'] }));
  for (const route of [PUT_ITEMS, MAIL]) env.simulator.faults.next(route, { refuse: 403 });
  const user = { login: `late-${tenantId}`, email: 'late@example.com' };
  const order = { tenant: { id: tenantId }, offeringItems: ['servers', 'vms'], user, onFailure: 'ask' };
  const handle = await startBlocked(env, 'enableBackupUser', order, `late ${tenantId}`);
  await set(tenantId, 'servers', null);
  await retryUntilBlockedAt(handle, 'sendActivationEmail');

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({ failureType: 'Undone' });
  expect(await quotasOf(tenantId)).toEqual({ workstations: null, servers: null });
});

describe.each([
  ['edition', PUT_EDITION],
  ['offeringItems', PUT_ITEMS],
])('a switch to another edition by %s', (method, route) => {
  /** A customer whose switch is refused once. */
  async function switchRefusedAt(...routes: string[]) {
    const { tenantId = '' } = await env.provision(anOrder({ quotas, offeringItems: ['workstations', 'vms'] }));
    for (const one of routes) env.simulator.faults.next(one, { refuse: 403 });
    const order = { tenant: { id: tenantId }, to: 'pck_per_gigabyte', method, acceptWarnings: true, onFailure: 'ask' };
    return { tenantId, handle: await startBlocked(env, 'switchEdition', order, `switch ${tenantId}`) };
  }

  test.each<[string, string, number | 'off', Quotas]>([
    ['set another quota', 'workstations', 80, { workstations: 80, vms: null }],
    ['switched an item off', 'vms', 'off', { workstations: 50 }],
    ['switched an item on', 'servers', 5, { workstations: 50, vms: null, servers: 5 }],
  ])('asks once a person has %s since it looked, and changes nothing', async (_what, name, value, left) => {
    const { tenantId, handle } = await switchRefusedAt(route);
    await set(tenantId, name, value);

    await decideFor(handle, 'retry');
    const said = new RegExp(`somebody has changed ${name} meanwhile`);
    await waitUntil(async () => said.test((await waitForState(handle, 'blocked')).blocked.message));

    expect(await quotasOf(tenantId)).toEqual(left);
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);
    expect(await quotasOf(tenantId)).toEqual(left);
  });
});

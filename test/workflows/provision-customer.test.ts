import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { WorkflowFailedError } from '@temporalio/client';
import { isCancellation } from '@temporalio/workflow';
import type { Fault } from '../../simulator/index.js';
import { openHouse, type House } from '../support/house.js';
import { anOrder, exampleOrder } from '../support/orders.js';

let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterEach(() => {
  house.simulator.faults.clear();
});
afterAll(async () => {
  await house.close();
});

/** What must be true of a customer that was provisioned, whatever happened on the way. */
function expectComplete(name: string, login: string): void {
  const { world } = house.simulator;
  const tenants = world.customers().filter((tenant) => tenant.name === name);
  expect(tenants).toHaveLength(1);
  const id = tenants[0]!.id;
  expect(world.items(id).map((item) => item.name).sort()).toEqual(['storage', 'workstations']);
  expect(world.mfa(id)).toBe('enabled');
  const users = world.users(id);
  expect(users.map((user) => user.login)).toEqual([login]);
  expect(world.policies(users[0]!.id).map((policy) => policy.role_id)).toEqual(['company_admin']);
  const mails = world.mails().filter((mail) => mail.login === login).length;
  expect(mails).toBeGreaterThanOrEqual(1);
  expect(mails).toBeLessThanOrEqual(2);
}

describe('on the happy path', () => {
  test('the example becomes a complete customer with eight calls, one token and one look at the root', async () => {
    const status = await house.provision(exampleOrder());

    expect(status).toMatchObject({ state: 'completed', changed: true, adopted: [], apiCalls: 8 });
    expectComplete('Customer, Inc', 'JohnDoe');
    expect(house.calls().sort()).toEqual([
      'GET /clients/{id}',
      'GET /tenants/{id}/offering_items/available_for_child',
      'GET /users/check_login',
      'POST /idp/token',
      'POST /tenants',
      'POST /users',
      'POST /users/{id}/send-activation-email',
      'PUT /tenants/{id}/mfa/status',
      'PUT /tenants/{id}/offering_items',
      'PUT /users/{id}/access_policies',
    ]);
  });

  test('the mail is the last call of all', async () => {
    house.calls();

    await house.provision(anOrder());

    expect(house.calls().at(-1)).toBe('POST /users/{id}/send-activation-email');
  });

  test('quotas arrive in bytes and pieces', async () => {
    const quotas = { storage: { limit: '1 TiB', overage: '500 GiB' }, workstations: { limit: 25 } };

    const status = await house.provision(anOrder({ quotas }));

    const items = house.simulator.world.items(status.tenantId!);
    expect(Object.fromEntries(items.map(({ name, quota }) => [name, [quota?.value, quota?.overage]]))).toEqual({
      storage: [2 ** 40, 500 * 2 ** 30],
      workstations: [25, null],
    });
  });

  test('access and production are switched as ordered, after everything that can fail', async () => {
    const order = anOrder({ billingMode: 'production', customer: { managedByProvider: false, name: 'Own Boss, Inc' }, confirm: 'Own Boss, Inc' });
    house.calls();

    const status = await house.provision(order);

    expect(status.state).toBe('completed');
    expect(house.simulator.world.tenant(status.tenantId!)).toMatchObject({ ancestral_access: false, pricing_mode: 'production' });
    expect(house.calls().slice(-3)).toEqual(['POST /users/{id}/send-activation-email', 'GET /tenants/{id}', 'PUT /tenants/{id}']);
  });

  test('a whole edition is switched on by its name', async () => {
    const infraId = house.simulator.world.items(house.simulator.rootTenantId).find(({ name }) => name === 'pg_base_storage')!.infra_id!;

    const status = await house.provision(anOrder({ edition: 'pck_per_gigabyte', infraId }));

    expect(status).toMatchObject({ state: 'completed' });
    expect(house.simulator.world.items(status.tenantId!).map((item) => item.name)).toContain('pg_base_workstations');
  });
});

const faults: [words: string, fault: Fault][] = [
  ['is dropped before it is done', 'drop-before'],
  ['is done but its answer is lost', 'commit-then-drop'],
  ['is refused with 503', { refuse: 503, html: true }],
  ['is done but answered with 500', { refuse: 500, commit: true }],
  ['is throttled', { throttle: 1 }],
  ['is done but answered with garbage', 'garble'],
  ['finds all tokens expired', 'expire-tokens'],
  ['never gets an answer', 'hang'],
];
const routes = [
  'GET /tenants/{id}/offering_items/available_for_child',
  'GET /users/check_login',
  'POST /tenants',
  'PUT /tenants/{id}/offering_items',
  'PUT /tenants/{id}/mfa/status',
  'POST /users',
  'PUT /users/{id}/access_policies',
  'POST /users/{id}/send-activation-email',
];

describe.each(routes)('when %s', (route) => {
  test.each(faults)('%s, there is exactly one complete customer', async (_words, fault) => {
    const order = anOrder();
    house.simulator.faults.next(route, fault);

    const status = await house.provision(order);

    expect(status.state).toBe('completed');
    expectComplete(order.customer.name, order.administrator.login);
  });
});

describe('what cannot be is refused and leaves nothing behind', () => {
  test.each<[what: string, fields: Parameters<typeof anOrder>[0], reason: RegExp]>([
    ['an item nobody offers', { offeringItems: ['workstations', 'moonbase'] }, /does not offer "moonbase"/],
    ['a login that somebody has', { administrator: { login: 'taken.login' } }, /"taken.login" is taken/],
    ['a name that somebody has', { customer: { name: 'Taken Name, Inc' } }, /already exists/],
    ['an unknown parent', { customer: { parentTenantId: '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69' } }, /tenant not found/],
    ['a size for what is counted', { quotas: { workstations: { limit: '1 TiB' } } }, /must be a whole number/],
    ['an unknown edition', { edition: 'gold' }, /does not offer "gold"/],
  ])('%s', async (_what, fields, reason) => {
    const before = house.simulator.world.tenants().length;

    const status = await house.provision(anOrder(fields));

    expect(status).toMatchObject({ state: 'failed', failureType: 'Refused', reason: { message: expect.stringMatching(reason) } });
    expect(house.simulator.world.tenants()).toHaveLength(before);
  });

  test('all refusals are told at once', async () => {
    const status = await house.provision(anOrder({ offeringItems: ['moonbase'], administrator: { login: 'taken.login' } }));

    expect(status).toMatchObject({ reason: { message: expect.stringMatching(/moonbase.*taken\.login/) } });
  });

  test.each([[{}], [undefined], ['text'], [{ customer: { name: 5 }, administrator: { login: 'a', email: 'no' }, bogus: 1 }]])(
    'the input %j fails at once, names every problem and calls nobody',
    async (input) => {
      house.calls();

      const status = await house.provision(input);

      expect(status).toMatchObject({ state: 'failed', failureType: 'InvalidInput' });
      expect(house.calls()).toEqual([]);
    },
  );
});

describe('a run that fails half-way', () => {
  test('removes what it made and says so', async () => {
    const order = anOrder();
    house.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });

    const status = await house.provision(order);

    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone', reason: { step: 'assignRole' } });
    expect(house.simulator.world.customers().map((tenant) => tenant.name)).not.toContain(order.customer.name);
  });

  test('leaves everything as it is when its input says keep', async () => {
    const order = anOrder({ onFailure: 'keep' });
    house.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });

    const status = await house.provision(order);

    expect(status).toMatchObject({ state: 'failed', failureType: 'Kept' });
    expect(house.simulator.world.customers().map((tenant) => tenant.name)).toContain(order.customer.name);
  });

  test('never removes a tenant into which somebody else has moved, but names it', async () => {
    const order = anOrder();
    house.simulator.faults.next('PUT /users/{id}/access_policies', 'hang');
    house.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
    const handle = await house.start(order);
    const tenant = await house.simulator.journal.calls('PUT /users/{id}/access_policies') && (await appeared(order.customer.name));
    house.simulator.world.addUser({ tenant_id: tenant, login: `stranger-${tenant}` });

    const failure = await handle.result().catch((error: unknown) => (error as WorkflowFailedError).cause);

    expect(failure).toMatchObject({ type: 'Leftovers', details: [{ state: 'failed', leftovers: [{ kind: 'tenant', id: tenant }] }] });
    expect(house.simulator.world.tenant(tenant)).toBeDefined();
  });

  test('that is cancelled waits for the call in flight and removes what it made', async () => {
    const order = anOrder();
    house.simulator.faults.next('POST /tenants', { delay: 1000 });
    const handle = await house.start(order);
    await until(() => house.simulator.journal.calls('POST /tenants').some((call) => bodyName(call.body) === order.customer.name));

    await handle.cancel();
    const failure = await handle.result().catch((error: unknown) => (error as WorkflowFailedError).cause);

    expect(isCancellation(failure)).toBe(true);
    expect(house.simulator.world.customers().map((tenant) => tenant.name)).not.toContain(order.customer.name);
  });
});

describe('a second run for the same customer', () => {
  test('adopts what the first one made and mails nobody twice for nothing', async () => {
    const order = anOrder();
    house.simulator.faults.next('PUT /users/{id}/access_policies', 'hang');
    const first = await house.start(order);
    await until(() => house.simulator.world.users().some((user) => user.login === order.administrator.login));
    await first.terminate('as if somebody had stopped it in the middle');

    const status = await house.provision(order);

    expect(status).toMatchObject({ state: 'completed', adopted: expect.arrayContaining(['ensureCustomerTenant', 'ensureUser']) });
    expectComplete(order.customer.name, order.administrator.login);
  });
});

async function appeared(name: string): Promise<string> {
  let id: string | undefined;
  await until(() => {
    const tenant = house.simulator.world.customers().find((one) => one.name === name);
    id = house.simulator.world.users(tenant?.id ?? '-').length > 0 ? tenant?.id : undefined;
    return id !== undefined;
  });
  return id!;
}

function bodyName(body: unknown): unknown {
  return (body as { name?: unknown } | undefined)?.name;
}

async function until(true_: () => boolean): Promise<void> {
  while (!true_()) await new Promise((resolve) => setTimeout(resolve, 20));
}

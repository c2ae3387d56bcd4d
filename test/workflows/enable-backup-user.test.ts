import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();
const ROLE = 'PUT /users/{id}/access_policies';
const ITEMS = 'PUT /tenants/{id}/offering_items';
let made = 0;

function anOrder(fields: object = {}) {
  made += 1;
  const user = { login: `backup-${made}`, email: `backup-${made}@example.com` };
  return { user, activation: { by: 'password', secretRef: 'env:USER' }, onFailure: 'undo', ...fields };
}

function forExisting(fields: object = {}) {
  const id = house.simulator.world.addTenant({ name: `Backing up ${made + 1}` });
  return { ...anOrder(fields), tenant: { id } };
}

const itemsOf = (id: string) => house.simulator.world.items(id).map(({ name }) => name);
const rolesOf = (tenantId: string) =>
  house.simulator.world.users(tenantId).map(({ id, activated }) => ({
    activated,
    roles: house.simulator.world.policies(id).map(({ role_id }) => role_id),
  }));

test('a new customer is made by the calls of the tutorial, and its user has a password', async () => {
  const order = { ...anOrder(), customer: { name: 'New with backup' } };
  house.calls();

  const status = await house.run('enableBackupUser', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, offeringItems: ['workstations', 'storage'] });
  expect(rolesOf(status.tenantId!)).toEqual([{ activated: true, roles: ['backup_user'] }]);
  expect(
    house
      .calls()
      .filter((route) => !['POST /idp/token', 'GET /clients/{id}'].includes(route))
      .sort(),
  ).toEqual(
    [
      'GET /tenants/{id}/offering_items/available_for_child',
      'GET /users/check_login',
      'POST /tenants',
      ITEMS,
      'POST /users',
      ROLE,
      'POST /users/{id}/password',
    ].sort(),
  );
});

test('an existing customer gets the items that it lacks, and a user', async () => {
  const order = forExisting();

  const status = await house.run('enableBackupUser', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: order.tenant.id });
  expect(itemsOf(order.tenant.id).sort()).toEqual(['storage', 'workstations']);
  expect(rolesOf(order.tenant.id)).toEqual([{ activated: true, roles: ['backup_user'] }]);
});

test('a repeat changes nothing, neither items nor password', async () => {
  const order = forExisting();
  await house.run('enableBackupUser', order);
  house.calls();

  const status = await house.run('enableBackupUser', order);

  expect(status).toMatchObject({ state: 'completed', changed: false });
  expect(house.calls().filter((route) => !route.startsWith('GET '))).toEqual([]);
});

describe('refused before anything is changed', () => {
  test.each<[string, object, RegExp]>([
    ['an item that the parent does not offer', { offeringItems: ['nothing'] }, /does not offer "nothing"/],
    ['a login that is taken', { user: { login: 'taken.login', email: 'x@example.com' } }, /taken by somebody else/],
  ])('%s', async (_words, fields, sentence) => {
    const order = forExisting(fields);

    const status = await house.run('enableBackupUser', order);

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
    expect([itemsOf(order.tenant.id), rolesOf(order.tenant.id)]).toEqual([[], []]);
  });

  test.each<[string, object]>([
    ['neither a tenant nor a customer', {}],
    ['both', { tenant: { name: 'x' }, customer: { name: 'y' } }],
  ])('an input that names %s', async (_words, fields) => {
    expect(await house.run('enableBackupUser', anOrder(fields))).toMatchObject({ failureType: 'InvalidInput' });
  });
});

test.each<[string, Fault]>([
  ['the answer is lost', 'commit-then-drop'],
  ['the call never arrives', 'drop-before'],
  ['the cloud is busy', { refuse: 503 }],
])('all is there once although at each call %s', async (_words, fault) => {
  const orders = [ITEMS, 'POST /users', ROLE, 'POST /users/{id}/password'].map((route) => {
    house.simulator.faults.next(route, fault);
    return forExisting();
  });

  const ends = await Promise.all(orders.map((order) => house.run('enableBackupUser', order)));

  expect(ends).toEqual(orders.map(() => expect.objectContaining({ state: 'completed', changed: true })));
  for (const { tenant } of orders) {
    expect(itemsOf(tenant.id)).toHaveLength(2);
    expect(rolesOf(tenant.id)).toEqual([{ activated: true, roles: ['backup_user'] }]);
  }
});

test('a run that fails switches off only what it switched on, and removes only its user', async () => {
  const order = forExisting();
  await house.run('enableBackupUser', { ...forExisting(), tenant: order.tenant, offeringItems: ['workstations'] });
  house.simulator.faults.next(ROLE, { refuse: 403 });

  const status = await house.run('enableBackupUser', order);

  expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
  expect(itemsOf(order.tenant.id)).toEqual(['workstations']);
  expect(rolesOf(order.tenant.id)).toHaveLength(1);
});

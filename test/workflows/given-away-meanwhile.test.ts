import { describe, expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { anOrder } from '../support/orders.js';
import { aPartnerOrder } from '../support/partners.js';
import { decideFor, startBlocked, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const PRICING = 'PUT /tenants/{id}/pricing';
const TENANT = 'PUT /tenants/{id}';
const USER = 'POST /users';
const ROLE = 'PUT /users/{id}/access_policies';
const MAIL = 'POST /users/{id}/send-activation-email';
const STEP = 'checkStillMeant';
let made = 0;

type Case = [operation: string, route: string, order: () => object];

function inExisting(fields: (name: string, nth: number) => object) {
  made += 1;
  const name = `Given away ${made}`;
  const [customer_id, internal_tag] = [`given-away-${made}`, `crm-${made}`];
  const id = env.simulator.world.addTenant({ name, customer_id, internal_tag, kind: 'customer' });
  env.simulator.world.giveItems(id, 'standard');
  return { tenant: { id }, ...fields(name, made) };
}

const withUser = (fields: object) => () =>
  inExisting((_name, nth) => ({ user: { login: `away-${nth}`, email: `away-${nth}@example.com` }, ...fields }));
const named = () => inExisting(() => ({}));
const confirmed = () => inExisting((name) => ({ confirm: name }));
const inProduction = () => {
  const order = anOrder({ billingMode: 'production' });
  return { ...order, confirm: order.customer.name };
};

/** How a person gives a tenant to another customer. */
const giving: Readonly<Record<string, (id: string) => Promise<void>>> = {
  'gets another contract number': async (id) => await put(id, { customer_id: 'contract-88' }),
  'gets another internal tag': async (id) => await put(id, { internal_tag: 'another-crm' }),
  async 'is moved'(id) {
    const { world } = env.simulator;
    world.moveTenant(id, world.addTenant({ name: `Elsewhere ${(made += 1)}`, kind: 'partner' }));
  },
};

async function put(id: string, change: object): Promise<void> {
  const { tenants } = consoleClient(env.simulator);
  await tenants.update(id, { version: (await tenants.get(id)).version, ...change });
}

async function blockedAt([operation, route, order]: Case) {
  env.simulator.faults.next(route, { refuse: 403 });
  const handle = await startBlocked(
    env,
    operation,
    { ...order(), onFailure: 'ask' },
    `away ${operation} ${(made += 1)}`,
  );
  const { tenantId = '' } = await waitForState(handle, 'blocked');
  return { handle, tenantId };
}

async function refusesToGoOn([operation, route, order]: Case, way: string): Promise<void> {
  const { handle, tenantId } = await blockedAt([operation, route, order]);
  const { customer_id, parent_id, internal_tag } = await consoleClient(env.simulator).tenants.get(tenantId);
  await giving[way]!(tenantId);
  env.calls();

  await decideFor(handle, 'retry');

  expect((await waitForState(handle, 'blocked')).blocked).toMatchObject({
    step: STEP,
    type: 'Tenantry.Unexpected',
    message: expect.stringMatching(/another customer.*retry.*abort/),
  });
  expect(env.calls().filter((call) => !call.startsWith('GET ') && call !== 'POST /idp/token')).toEqual([]);
  env.simulator.world.moveTenant(tenantId, parent_id);
  await put(tenantId, { customer_id: customer_id ?? '', internal_tag: internal_tag ?? '' });
  await decideFor(handle, 'retry');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
}

describe('a tenant that a person has given to another customer while the run was blocked', () => {
  test.each<Case>([
    ['switchToProduction', PRICING, confirmed],
    ['disableTenant', TENANT, named],
    ['updateContact', TENANT, () => inExisting(() => ({ language: 'fr' }))],
    ['addUser', USER, withUser({ role: 'company_admin' })],
    ['addUser', ROLE, withUser({ role: 'company_admin' })],
    ['addUser', MAIL, withUser({ role: 'company_admin' })],
    ['enableBackupUser', USER, withUser({})],
    ['provisionCustomer', USER, anOrder],
    ['provisionCustomer', PRICING, inProduction],
    ['provisionCustomer', MAIL, anOrder],
  ])('is not changed by %s, which was blocked at %s: a person is asked', async (...one) => {
    await refusesToGoOn(one, 'gets another contract number');
  });

  test.each(Object.keys(giving))('is noticed when it %s', async (way) => {
    await refusesToGoOn(['addUser', MAIL, withUser({ role: 'company_admin' })], way);
  });

  test.each(['is moved', 'gets another internal tag'])('is noticed when it %s and is a partner', async (way) => {
    await refusesToGoOn(['provisionPartner', MAIL, aPartnerOrder], way);
  });

  test('stays as it is when the run is given up instead', async () => {
    const { handle, tenantId } = await blockedAt(['switchToProduction', PRICING, confirmed]);
    await put(tenantId, { customer_id: 'contract-88' });
    await decideFor(handle, 'retry');
    await waitForState(handle, 'blocked');
    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone' });
    expect((await consoleClient(env.simulator).pricing.get(tenantId)).mode).toBe('trial');
  });

  test('is asked about again when it is given away during the next block', async () => {
    const { handle, tenantId } = await blockedAt(['switchToProduction', PRICING, confirmed]);
    env.simulator.faults.next(PRICING, { refuse: 403 });
    await decideFor(handle, 'retry');
    await waitForState(handle, 'blocked');
    await put(tenantId, { customer_id: 'contract-88' });
    await decideFor(handle, 'retry');

    expect((await waitForState(handle, 'blocked')).blocked).toMatchObject({ step: STEP });
  });
});

test('a run that was blocked before its tenant was known does not look at it again', async () => {
  const order = anOrder({ onFailure: 'ask' });
  env.simulator.faults.next('POST /tenants', { refuse: 403 });
  const handle = await startBlocked(env, 'provisionCustomer', order);
  await decideFor(handle, 'retry');

  const { steps } = await statusAtEnd(handle);
  expect(steps.map(({ name }) => name)).not.toContain(STEP);
});

test.each<[string, object]>([
  ['its name', { name: 'Corrected' }],
  ['its contact', { contact: { email: 'another@example.com' } }],
])('a run goes on when somebody has corrected %s while it was blocked', async (_words, correction) => {
  const { handle, tenantId } = await blockedAt(['addUser', MAIL, withUser({ role: 'company_admin' })]);
  await put(tenantId, correction);
  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
});

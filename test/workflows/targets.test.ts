import { describe, expect, test } from '@jest/globals';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const refusedBecause = (sentence: RegExp) => ({
  state: 'failed',
  failureType: 'Refused',
  reason: { message: expect.stringMatching(sentence) },
});

describe('a target that does not fit is refused at once, whatever onFailure says, and nothing is written', () => {
  const at = (tenant: object) => ({ tenant, onFailure: 'ask' });

  test.each<[string, object, RegExp]>([
    ['an id that nobody has', at({ id: '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69' }), /not a tenant below/],
    ['a name that nobody has', at({ name: 'Nobody, Inc' }), /"Nobody, Inc" fits no tenant/],
    ['a customer id that nobody has', at({ customerId: 'nobody' }), /"nobody" fits no tenant/],
    ['a name in other letters', at({ name: 'taken name, inc' }), /fits no tenant/],
  ])('%s', async (_words, input, sentence) => {
    env.calls();

    expect(await env.run('disableTenant', input)).toMatchObject(refusedBecause(sentence));
    expect(env.calls()).not.toContain('PUT /tenants/{id}');
  });

  test("the API client's own tenant", async () => {
    const status = await env.run('disableTenant', at({ id: env.simulator.rootTenantId }));

    expect(status).toMatchObject(refusedBecause(/own tenant/));
  });

  test('a customer id that two tenants have, naming both', async () => {
    const ids = ['Twin one', 'Twin two'].map((name) => env.simulator.world.addTenant({ name, customer_id: 'twin' }));

    const status = await env.run('lockTenant', at({ customerId: 'twin' }));

    expect(status).toMatchObject(refusedBecause(new RegExp(`2 tenants.*${ids[0]}.*${ids[1]}`)));
  });

  test('a unit, where units have no such switch', async () => {
    const parent = env.simulator.world.addTenant({ name: 'With a unit' });
    const unit = env.simulator.world.addTenant({ name: 'The unit', kind: 'unit', parent_id: parent });

    expect(await env.run('limitAdministratorAccess', at({ id: unit }))).toMatchObject(refusedBecause(/is a unit/));
  });

  test('a tenant that somebody else has locked, naming who', async () => {
    const owner = env.simulator.world.addTenant({ name: 'The owner', kind: 'partner' });
    const update_lock = { enabled: true, owner_id: owner };
    const id = env.simulator.world.addTenant({ name: 'Locked by others', update_lock });

    expect(await env.run('disableTenant', at({ id }))).toMatchObject(refusedBecause(new RegExp(owner)));
  });

  test("a tenant whose parent is disabled cannot be enabled, in the vendor's words", async () => {
    const partner = env.simulator.world.addTenant({ name: 'Disabled partner', kind: 'partner' });
    const id = env.simulator.world.addTenant({ name: 'Below it', parent_id: partner });
    env.simulator.world.disable(partner);
    env.simulator.world.disable(id);

    expect(await env.run('enableTenant', at({ id }))).toMatchObject(refusedBecause(/parent tenant is disabled/));
  });
});

test.each<[string, object]>([
  ['nothing', {}],
  ['two ways to name a tenant', { tenant: { id: '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69', name: 'x' } }],
  ['an unknown field', { tenant: { name: 'x' }, force: true }],
])('an input with %s fails at once, and no call is made', async (_words, input) => {
  env.calls();

  expect(await env.run('disableTenant', input)).toMatchObject({ state: 'failed', failureType: 'InvalidInput' });
  expect(env.calls()).toEqual([]);
});

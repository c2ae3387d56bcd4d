import { describe, expect, test } from '@jest/globals';
import { createAcronis } from '../../acronis/index.js';
import { customersToOffboard } from '../support/customers-to-offboard.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { leaving, inhabited } = customersToOffboard(env);
const gone = (id: string) => env.simulator.world.tenant(id) === undefined;

describe('refused before anything is changed', () => {
  test('without the exact name, telling what hangs on it', async () => {
    const { id, order } = leaving({ confirm: 'leaving' });

    const status = await env.run('offboardCustomer', order);

    expect(status).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringMatching(/^confirm: .*0 user/) },
    });
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });

  test('a partner, who has customers of its own', async () => {
    const id = env.simulator.world.addTenant({ name: 'A partner that leaves', kind: 'partner' });
    const order = { tenant: { id }, grace: '1 second', confirm: 'A partner that leaves' };

    expect(await env.run('offboardCustomer', order)).toMatchObject({
      reason: { message: expect.stringContaining('is a partner') },
    });
  });

  test('with everything below it that is not named, in words that can be used', async () => {
    const { id, unit, name, order, all } = await inhabited();

    const status = await env.run('offboardCustomer', order);

    const told = (status as { reason: { message: string } }).reason.message;
    expect(told).toContain(`including.tenants: "Unit of ${name}" (${unit})`);
    expect(told).toContain(`including.users: ${all.users[0]}`);
    expect(told).toMatch(/including.usage: .*storage 2 GiB/);
    expect(told).toMatch(/including.usage: .*workstations 3/);
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });

  test('when the tenant keeps us out, although its lists are empty', async () => {
    const { id, order } = leaving();
    env.simulator.world.addUser({ tenant_id: id, login: `hidden-${id}` });
    const { url: baseUrl, clientId, clientSecret, consoleFetch: fetch } = env.simulator;
    const person = createAcronis({ baseUrl, clientId, clientSecret, version: 'console', fetch });
    const { version } = await person.tenants.get(id);
    await person.tenants.update(id, { version, ancestral_access: false });

    expect(await env.run('offboardCustomer', order)).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringMatching(/keeps us out.*allowAdministratorAccess/) },
    });
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });

  test('with an agent whose usage nobody has counted yet, until it is named', async () => {
    const { id, order } = leaving();
    env.simulator.world.addMachine({ tenantId: id, hostname: 'pc-14' });

    expect(await env.run('offboardCustomer', order)).toMatchObject({
      failureType: 'Refused',
      reason: { message: expect.stringContaining('including.agents: pc-14') },
    });
    const named = { ...order, finalReport: false, including: { agents: ['pc-14'] } };
    expect(await env.run('offboardCustomer', named)).toMatchObject({ state: 'completed' });
  });

  test('when nobody confirms it, saying how many agents there are, or that we may not see them', async () => {
    const { order, id } = leaving({ confirm: 'leaving' });
    env.simulator.world.addMachine({ tenantId: id, hostname: 'pc-15' });
    const said = async () => (await env.run('offboardCustomer', order)) as { reason?: { message: string } };

    expect((await said()).reason?.message).toContain('1 agent(s)');
    env.simulator.faults.next('GET /api/1/groups/{id}', { refuse: 403 }, { about: [id] });
    expect((await said()).reason?.message).toContain('agents that we may not see');
  });

  test.each<[string, object, RegExp]>([
    ['another unit', { tenants: ['Somebody else'] }, /including.tenants/],
    ['fewer users', { users: 0 }, /including.users: 1 in all, 0 named/],
    ['less storage', { usage: { storage: '1 GiB', workstations: 3 } }, /storage 2 GiB \(named: 1 GiB\)/],
    ['a size of what is counted', { usage: { storage: '2 GiB', workstations: '3 GiB' } }, /workstations is counted/],
  ])('naming %s', async (_words, change, sentence) => {
    const { order, all } = await inhabited();

    const status = await env.run('offboardCustomer', { ...order, including: { ...all, ...change } });

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
  });

  test.each<[string, object, string]>([
    ['no grace', { grace: undefined }, 'grace'],
    ['a grace that is none', { grace: 'soon' }, 'grace'],
    ['a grace of ten thousand years', { grace: '10000 years' }, 'grace'],
    ['unknown fields in what is named', { including: { machines: 3 } }, 'including.machines'],
  ])('an input with %s', async (_words, fields, path) => {
    const { order } = leaving(fields);

    expect(await env.run('offboardCustomer', order)).toMatchObject({
      failureType: 'InvalidInput',
      reason: { message: expect.stringContaining(`${path}: `) },
    });
  });
});

test('what is named goes with it', async () => {
  const { id, unit, order, all } = await inhabited();

  expect(await env.run('offboardCustomer', { ...order, including: all })).toMatchObject({ state: 'completed' });
  expect([gone(id), gone(unit), env.simulator.world.users(id)]).toEqual([true, true, []]);
});

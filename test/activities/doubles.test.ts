import { beforeEach, describe, expect, test } from '@jest/globals';
import { markText } from '../../contract/mark.js';
import { attempt, customer, person, untilSuccess } from '../support/activity-environment.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({ uniqueNames: false });
const ensure = async () =>
  await attempt(env.activities.ensureCustomerTenant, { ...env.place, customer, look: true }, 2);
const removeDoubles = async (tenantId: string) =>
  await attempt(env.activities.removeDoubles, { ...env.place, kind: 'customer' as const, tenantId });
/** Another tenant with the mark of the run. */
const aDouble = () => env.simulator.world.addTenant({ name: 'Acme again', internal_tag: markText(env.place.mark) });
const store = (tenantId: string) => {
  env.simulator.world.giveItems(tenantId, 'standard');
  env.simulator.world.setUsage(tenantId, 'storage', 5);
};

describe('a list that names one tenant twice', () => {
  beforeEach(() => {
    env.changeTenants = (all) => all.flatMap((row) => [row, { ...row, id: row.id.toUpperCase(), version: 1 }]);
  });

  test('does not cost a tenant: it is adopted, and is not a double of itself', async () => {
    const tenantId = await env.aTenant();

    const adopted = await ensure();
    const { result } = await removeDoubles(tenantId);

    expect(adopted.result.tenantId).toBe(tenantId);
    expect(result).toEqual([]);
    expect(env.ids()).toEqual([tenantId]);
    expect(env.simulator.world.tenant(tenantId)).toMatchObject({ enabled: true });
  });

  test('leads to one removal', async () => {
    await env.aTenant();

    expect(await env.undo()).toEqual({ undone: true, leftovers: [] });
    expect(env.ids()).toEqual([]);
  });
});

describe('of two tenants with one mark', () => {
  test('the oldest is kept, and nothing is removed before the run has done its work', async () => {
    const tenantId = await env.aTenant();
    const other = aDouble();
    env.changeTenants = (all) =>
      all.map((row) => (row.id === other ? { ...row, created_at: '2999-01-01T00:00:00' } : row));

    const { result } = await ensure();

    expect(result).toMatchObject({ tenantId, doubted: true });
    expect(env.ids().sort()).toEqual([tenantId, other].sort());
  });

  test.each<[string, (id: string) => void]>([
    ['has a user', (id) => void env.simulator.world.addUser({ tenant_id: id, login: 'somebody' })],
    ['is used', (id) => store(id)],
    ['has an agent', (id) => void env.simulator.world.addMachine({ tenantId: id, hostname: 'pc-1' })],
  ])('the younger one is kept when it %s', async (_what, inhabit) => {
    await env.aTenant();
    const other = aDouble();
    inhabit(other);

    expect((await ensure()).result.tenantId).toBe(other);
  });

  test('the same one is kept in any order of the list, also when their times are equal or unknown', async () => {
    const [one, other] = [await env.aTenant(), aDouble()].sort();
    const kept = new Set<string>();
    for (const created_at of ['2024-01-01T00:00:00', null])
      for (const turned of [false, true]) {
        env.changeTenants = (all) => (turned ? all.toReversed() : all).map((row) => ({ ...row, created_at }));
        kept.add((await ensure()).result.tenantId);
      }

    expect([...kept]).toEqual([one]);
    expect(other).toBeDefined();
  });

  test('the empty one is removed at the end', async () => {
    const tenantId = await env.aTenant();
    aDouble();

    const { result, changed } = await removeDoubles(tenantId);

    expect({ result, changed }).toEqual({ result: [], changed: false });
    expect(env.ids()).toEqual([tenantId]);
  });

  test('the one that the run has used is kept, although it is empty and the younger', async () => {
    await env.aTenant();
    const used = aDouble();

    await removeDoubles(used);

    expect(env.ids()).toEqual([used]);
  });

  test.each<[string, (id: string) => void, RegExp]>([
    [
      'somebody has a user',
      (id) => void env.simulator.world.addUser({ tenant_id: id, login: 'somebody' }),
      /1 user\(s\)/,
    ],
    [
      'even the administrator of this order has an account',
      (id) => void env.simulator.world.addUser({ tenant_id: id, login: person.login }),
      /1 user\(s\)/,
    ],
    [
      'a unit has been made',
      (id) => void env.simulator.world.addTenant({ name: 'Unit', kind: 'unit', parent_id: id }),
      /1 tenant\(s\)/,
    ],
    ['something is stored', (id) => store(id), /in use: storage/],
    [
      'an agent has been registered, of which no usage tells yet',
      (id) => void env.simulator.world.addMachine({ tenantId: id, hostname: 'pc-1' }),
      /an agent.*pc-1/,
    ],
  ])('a double stays and is named when in it %s', async (_what, inhabit, reason) => {
    const tenantId = await env.aTenant();
    const other = aDouble();
    inhabit(other);

    const { result } = await removeDoubles(tenantId);

    expect(result).toEqual([{ kind: 'tenant', id: other, reason: expect.stringMatching(reason) }]);
    expect(env.ids()).toContain(other);
    expect(env.simulator.world.tenant(other)).toMatchObject({ enabled: true });
  });

  test.each([403, 404])('a double in which agents may not be seen (%i) stays and is named', async (refuse) => {
    const tenantId = await env.aTenant();
    const other = aDouble();
    env.simulator.faults.next('GET /api/agent_manager/v2/agents', { refuse }, { times: 99 });

    const { result } = await removeDoubles(tenantId);

    expect(result).toEqual([{ kind: 'tenant', id: other, reason: expect.stringContaining('agents may not be seen') }]);
    expect(env.simulator.world.tenant(other)).toMatchObject({ enabled: true });
  });

  test('the younger one is kept when it has a user, and agents may not be seen', async () => {
    await env.aTenant();
    const other = aDouble();
    env.simulator.world.addUser({ tenant_id: other, login: 'somebody' });
    env.simulator.faults.next('GET /api/agent_manager/v2/agents', { refuse: 403 }, { times: 99 });

    expect((await ensure()).result.tenantId).toBe(other);
  });

  test('one that is listed late is removed also by the task of an older version, which does not say whether there may be one', async () => {
    const tenantId = await env.aTenant();
    const other = aDouble();
    let looks = 0;
    env.changeTenants = (all) => all.filter(({ id }) => id !== other || (looks += 1) > 1);

    await removeDoubles(tenantId);

    expect(env.ids()).toEqual([tenantId]);
  });

  test('what another run made for the same customer is named, and stays', async () => {
    const tenantId = await env.aTenant();
    const mark = { ...env.place.mark, runId: 'run-0' };
    const other = env.simulator.world.addTenant({ name: 'Earlier', internal_tag: markText(mark) });

    const { result } = await removeDoubles(tenantId);

    expect(result).toMatchObject([{ id: other, reason: expect.stringContaining('an earlier run') }]);
    expect(env.ids()).toContain(other);
  });

  test('a row that is older than the tenant removes nothing: the mark is read from the tenant itself', async () => {
    const tenantId = await env.aTenant();
    const other = env.simulator.world.addTenant({ name: 'Taken over', internal_tag: 'theirs' });
    env.changeTenants = (all) =>
      all.map((row) => (row.id === other ? { ...row, internal_tag: markText(env.place.mark) } : row));

    await removeDoubles(tenantId);
    const undone = await env.undo();

    expect(env.ids()).toEqual([other]);
    expect(undone.leftovers).toMatchObject([{ id: other, reason: expect.stringContaining('"theirs"') }]);
  });

  test('a double that cannot be removed is named, and the run still completes', async () => {
    const tenantId = await env.aTenant();
    const other = aDouble();
    env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403, message: 'not for you' });

    const { result } = await removeDoubles(tenantId);

    expect(result).toMatchObject([{ id: other, reason: expect.stringContaining('not for you') }]);
  });

  test.each([
    ['a conflict', { refuse: 409, message: 'busy' }, /busy/],
    ['a page that nobody can read', { refuse: 400, html: true }, /DELETE/],
  ] as const)('one whose removal meets %s again and again is named in the end too', async (_what, fault, reason) => {
    const tenantId = await env.aTenant();
    const other = aDouble();
    env.simulator.faults.next('DELETE /tenants/{id}', fault, { times: 9 });

    const done = await untilSuccess(env.activities.removeDoubles, {
      ...env.place,
      kind: 'customer' as const,
      tenantId,
    });

    expect(done.result).toMatchObject([{ id: other, reason: expect.stringMatching(reason) }]);
  });

  test('a removal whose answer was lost names nothing', async () => {
    const tenantId = await env.aTenant();
    aDouble();
    env.simulator.faults.next('DELETE /tenants/{id}', 'commit-then-drop');

    const done = await untilSuccess(env.activities.removeDoubles, {
      ...env.place,
      kind: 'customer' as const,
      tenantId,
    });

    expect(done.result).toEqual([]);
    expect(env.ids()).toEqual([tenantId]);
  });
});

describe('what is in doubt', () => {
  test('stays in doubt when a later try is answered that it had no effect', async () => {
    env.simulator.faults.next('POST /tenants', { stale: 99, drop: true });
    env.simulator.faults.next('POST /tenants', { throttle: 0 });

    const { result } = await untilSuccess(env.activities.ensureCustomerTenant, { ...env.place, customer, look: false });

    expect(result).toMatchObject({ doubted: true });
  });

  test('is nothing when the only call was answered', async () => {
    const { result } = await attempt(env.activities.ensureCustomerTenant, { ...env.place, customer, look: false });

    expect(result).toEqual({ tenantId: expect.any(String), ownership: 'ours' });
  });
});

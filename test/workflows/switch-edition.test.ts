import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { waitUntil, waitForState } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment({ strict: true });
const LIST = 'GET /tenants/{id}/offering_items';
const PUT_ITEMS = 'PUT /tenants/{id}/offering_items';
const methods = [
  { method: 'edition', route: 'PUT /tenants/{id}/edition' },
  { method: 'offeringItems', route: PUT_ITEMS },
];
let made = 0;

/** A customer with an edition and two quotas, and the order that gives it another edition. */
function aCustomer(fields: object = {}) {
  made += 1;
  const id = env.simulator.world.addTenant({ name: `With an edition ${made}`, edition: 'pck_per_gigabyte' });
  limit(id, 'workstations', { value: 25, overage: 5 });
  limit(id, 'storage', { value: 1e12, overage: null });
  const order = { tenant: { id }, to: 'pck_per_workload', acceptWarnings: true, onFailure: 'undo', ...fields };
  return { id, order, before: portrait(id) };
}

function limit(id: string, usage: string, quota: { value: number; overage: number | null }): void {
  const item = env.simulator.world.items(id).find(({ usage_name }) => usage_name === usage)!;
  item.quota = { ...quota, version: 1_700_000_000_000 };
}

/** What is on in a tenant, with its limits. */
function portrait(id: string): string {
  return env.simulator.world
    .items(id)
    .map(({ name, infra_id, quota }) => `${name} ${infra_id ?? ''} ${quota?.value ?? ''} ${quota?.overage ?? ''}`)
    .sort()
    .join('\n');
}

const asPerWorkload = (before: string) => before.replaceAll('pg_base_', 'pw_base_');
const writes = () => env.calls().filter((route) => !route.startsWith('GET '));

test('an edition that is there already says that no quotas were carried over, since an earlier run may have lost them', async () => {
  const { id, order } = aCustomer({ onFailure: 'keep' });
  env.simulator.faults.next(PUT_ITEMS, { refuse: 403 });
  await env.run('switchEdition', order);

  const status = await env.run('switchEdition', order);

  expect(status).toMatchObject({ state: 'completed', changed: false, tenantId: id });
  const told = { name: 'carryOverQuotas', lastError: expect.stringContaining('no quotas were carried over') };
  expect(status.steps).toContainEqual(expect.objectContaining(told));
});

describe.each(methods)('by $method', ({ method, route }) => {
  test('gives a customer another edition with its quotas, and a repeat writes nothing', async () => {
    const { id, order, before } = aCustomer({ method });

    const first = await env.run('switchEdition', order);
    env.calls();
    const second = await env.run('switchEdition', order);

    expect(first).toMatchObject({ state: 'completed', changed: true, edition: 'pck_per_workload' });
    expect(first).toMatchObject({ formerEdition: 'pck_per_gigabyte', warnings: expect.any(Array) });
    expect(portrait(id)).toEqual(asPerWorkload(before));
    expect(second).toMatchObject({ state: 'completed', changed: false, formerEdition: 'pck_per_workload' });
    expect(writes()).toEqual([]);
  });

  test('warnings are named, and nothing is written, until they are accepted', async () => {
    env.simulator.world.warnOfEdition('pck_per_workload', ['SomePlansWillStopWorking']);
    const { id, order, before } = aCustomer({ method, acceptWarnings: false, onFailure: 'ask' });
    env.calls();

    const refused = await env.run('switchEdition', order);

    const message = expect.stringMatching(/acceptWarnings: .*SomePlansWillStopWorking/);
    expect(refused).toMatchObject({ failureType: 'Refused', reason: { message } });
    expect([writes(), portrait(id)]).toEqual([[], before]);
    const accepted = await env.run('switchEdition', { ...order, acceptWarnings: true });
    expect(accepted).toMatchObject({ state: 'completed', warnings: ['SomePlansWillStopWorking'] });
  });

  test('makes the change once, whatever happens to the call', async () => {
    const faults: [Fault, number?][] = [['commit-then-drop'], ['drop-before'], ['garble'], [{ refuse: 503 }, 3]];
    // somebody else has written since we read
    if (method === 'offeringItems') faults.push([{ refuse: 426, code: 1001 }]);

    const ends = await Promise.all(
      faults.map(async ([fault, times = 1]) => {
        const { id, order, before } = aCustomer({ method });
        env.simulator.faults.next(route, fault, { times, about: [id] });
        const status = await env.run('switchEdition', order);
        return { fault, status, right: portrait(id) === asPerWorkload(before) };
      }),
    );

    for (const { status, right } of ends) {
      expect(status).toMatchObject({ state: 'completed', changed: true });
      expect(right).toBe(true);
    }
  });

  test('that fails after its effect restores exactly what was there', async () => {
    const { id, order, before } = aCustomer({ method });
    // the other edition has nothing that counts this
    env.simulator.world.items(id).find(({ usage_name }) => usage_name === 'vms')!.usage_name = 'old_vms';
    env.simulator.faults.next(route, { lostThen: { refuse: 403 } }, { about: [id] });

    const status = await env.run('switchEdition', order);

    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(portrait(id)).toEqual(before);
  });

  test('that fails before its effect has nothing to restore', async () => {
    const { id, order, before } = aCustomer({ method });
    env.simulator.faults.next(route, { refuse: 403 }, { about: [id] });

    expect(await env.run('switchEdition', order)).toMatchObject({ state: 'failed', failureType: 'Refused' });
    expect(portrait(id)).toEqual(before);
  });

  test('that is cancelled after its effect restores what was there', async () => {
    const { id, order, before } = aCustomer({ method });
    env.simulator.faults.next(route, { refuse: 503, commit: true }, { about: [id] });
    // no later try may find out before the run is cancelled
    env.simulator.faults.next(LIST, { refuse: 503 }, { after: 2, times: 99, about: [id] });
    const handle = await env.begin('switchEdition', order);
    await waitUntil(async () => portrait(id) !== before);

    await handle.cancel();
    env.simulator.faults.clear();

    expect(await waitForState(handle, 'cancelled')).toMatchObject({ reason: { type: 'Cancelled' } });
    expect(portrait(id)).toEqual(before);
  });

  test('that fails leaves everything as it is when its order says keep', async () => {
    const { id, order, before } = aCustomer({ method, onFailure: 'keep' });
    env.simulator.faults.next(route, { lostThen: { refuse: 403 } }, { about: [id] });

    expect(await env.run('switchEdition', order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
    expect(portrait(id)).toEqual(asPerWorkload(before));
  });
});

describe('what does not fit is refused at once, and nothing is written', () => {
  const refusals: [string, () => object, RegExp][] = [
    ['an edition that the parent lacks', () => aCustomer({ to: 'advanced' }).order, /"advanced", only .*pck_per_gig/],
    ['a partner', () => ({ tenant: { name: 'Seeded Partner' }, to: 'standard' }), /is a partner/],
    ['a customer without an edition', () => ({ tenant: { name: 'Taken Name, Inc' }, to: 'standard' }), /no edition/],
  ];

  test.each(refusals)('%s', async (_words, order, sentence) => {
    env.calls();

    const status = await env.run('switchEdition', { onFailure: 'undo', ...order() });

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
    expect(writes()).toEqual([]);
  });

  test("a switch that the vendor's dry run calls impossible, in the vendor's words", async () => {
    const { id, order } = aCustomer({ onFailure: 'ask' });
    const impossible: Fault = { refuse: 400, code: 1021, message: 'not with these items' };
    env.simulator.faults.next('GET /tenants/{id}/edition', impossible, { about: [id] });

    const status = await env.run('switchEdition', order);

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(/these items/) } });
  });
});

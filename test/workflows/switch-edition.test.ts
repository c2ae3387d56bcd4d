import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { expectSoon, reached } from '../support/desk.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse({ strict: true });
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
  const id = house.simulator.world.addTenant({ name: `With an edition ${made}`, edition: 'pck_per_gigabyte' });
  limit(id, 'workstations', { value: 25, overage: 5 });
  limit(id, 'storage', { value: 1e12, overage: null });
  const order = { tenant: { id }, to: 'pck_per_workload', acceptWarnings: true, onFailure: 'undo', ...fields };
  return { id, order, before: portrait(id) };
}

function limit(id: string, usage: string, quota: { value: number; overage: number | null }): void {
  const item = house.simulator.world.items(id).find(({ usage_name }) => usage_name === usage)!;
  item.quota = { ...quota, version: 1_700_000_000_000 };
}

/** What is on in a tenant, with its limits. */
function portrait(id: string): string {
  return house.simulator.world
    .items(id)
    .map(({ name, infra_id, quota }) => `${name} ${infra_id ?? ''} ${quota?.value ?? ''} ${quota?.overage ?? ''}`)
    .sort()
    .join('\n');
}

const asPerWorkload = (before: string) => before.replaceAll('pg_base_', 'pw_base_');
const writes = () => house.calls().filter((route) => !route.startsWith('GET '));

test('an edition that is there already says that no quotas were carried over, since an earlier run may have lost them', async () => {
  const { id, order } = aCustomer({ onFailure: 'keep' });
  house.simulator.faults.next(PUT_ITEMS, { refuse: 403 });
  await house.run('switchEdition', order);

  const status = await house.run('switchEdition', order);

  expect(status).toMatchObject({ state: 'completed', changed: false, tenantId: id });
  const told = { name: 'carryOverQuotas', lastError: expect.stringContaining('no quotas were carried over') };
  expect(status.steps).toContainEqual(expect.objectContaining(told));
});

describe.each(methods)('by $method', ({ method, route }) => {
  test('gives a customer another edition with its quotas, and a repeat writes nothing', async () => {
    const { id, order, before } = aCustomer({ method });

    const first = await house.run('switchEdition', order);
    house.calls();
    const second = await house.run('switchEdition', order);

    expect(first).toMatchObject({ state: 'completed', changed: true, edition: 'pck_per_workload' });
    expect(first).toMatchObject({ formerEdition: 'pck_per_gigabyte', warnings: expect.any(Array) });
    expect(portrait(id)).toEqual(asPerWorkload(before));
    expect(second).toMatchObject({ state: 'completed', changed: false, formerEdition: 'pck_per_workload' });
    expect(writes()).toEqual([]);
  });

  test('warnings are named, and nothing is written, until they are accepted', async () => {
    house.simulator.world.warnOfEdition('pck_per_workload', ['SomePlansWillStopWorking']);
    const { id, order, before } = aCustomer({ method, acceptWarnings: false, onFailure: 'ask' });
    house.calls();

    const refused = await house.run('switchEdition', order);

    const message = expect.stringMatching(/acceptWarnings: .*SomePlansWillStopWorking/);
    expect(refused).toMatchObject({ failureType: 'Refused', reason: { message } });
    expect([writes(), portrait(id)]).toEqual([[], before]);
    const accepted = await house.run('switchEdition', { ...order, acceptWarnings: true });
    expect(accepted).toMatchObject({ state: 'completed', warnings: ['SomePlansWillStopWorking'] });
  });

  test('makes the difference whatever befalls the call', async () => {
    const faults: [Fault, number?][] = [['commit-then-drop'], ['drop-before'], ['garble'], [{ refuse: 503 }, 3]];
    // somebody else has written since we read
    if (method === 'offeringItems') faults.push([{ refuse: 426, code: 1001 }]);

    const ends = await Promise.all(
      faults.map(async ([fault, times = 1]) => {
        const { id, order, before } = aCustomer({ method });
        house.simulator.faults.next(route, fault, { times, about: [id] });
        const status = await house.run('switchEdition', order);
        return { fault, status, right: portrait(id) === asPerWorkload(before) };
      }),
    );

    for (const { status, right } of ends) {
      expect(status).toMatchObject({ state: 'completed', changed: true });
      expect(right).toBe(true);
    }
  });

  test('that fails after its effect gives back exactly what was there', async () => {
    const { id, order, before } = aCustomer({ method });
    // the other edition has nothing that counts this
    house.simulator.world.items(id).find(({ usage_name }) => usage_name === 'vms')!.usage_name = 'old_vms';
    house.simulator.faults.next(route, { lostThen: { refuse: 403 } }, { about: [id] });

    const status = await house.run('switchEdition', order);

    expect(status).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(portrait(id)).toEqual(before);
  });

  test('that fails before its effect has nothing to give back', async () => {
    const { id, order, before } = aCustomer({ method });
    house.simulator.faults.next(route, { refuse: 403 }, { about: [id] });

    expect(await house.run('switchEdition', order)).toMatchObject({ state: 'failed', failureType: 'Refused' });
    expect(portrait(id)).toEqual(before);
  });

  test('that is cancelled after its effect gives back what was there', async () => {
    const { id, order, before } = aCustomer({ method });
    house.simulator.faults.next(route, { refuse: 503, commit: true }, { about: [id] });
    // no later try may find out before the run is cancelled
    const looksBefore = method === 'edition' ? 1 : 2;
    house.simulator.faults.next(LIST, { refuse: 503 }, { after: looksBefore, times: 99, about: [id] });
    const handle = await house.begin('switchEdition', order);
    await expectSoon(async () => portrait(id) !== before);

    await handle.cancel();
    house.simulator.faults.clear();

    expect(await reached(handle, 'cancelled')).toMatchObject({ reason: { type: 'Cancelled' } });
    expect(portrait(id)).toEqual(before);
  });

  test('that fails leaves everything as it is when its order says keep', async () => {
    const { id, order, before } = aCustomer({ method, onFailure: 'keep' });
    house.simulator.faults.next(route, { lostThen: { refuse: 403 } }, { about: [id] });

    expect(await house.run('switchEdition', order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
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
    house.calls();

    const status = await house.run('switchEdition', { onFailure: 'undo', ...order() });

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
    expect(writes()).toEqual([]);
  });

  test("a switch that the vendor's dry run calls impossible, in the vendor's words", async () => {
    const { id, order } = aCustomer({ onFailure: 'ask' });
    const impossible: Fault = { refuse: 400, code: 1021, message: 'not with these items' };
    house.simulator.faults.next('GET /tenants/{id}/edition', impossible, { about: [id] });

    const status = await house.run('switchEdition', order);

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(/these items/) } });
  });
});

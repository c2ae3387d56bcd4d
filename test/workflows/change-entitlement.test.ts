import { describe, expect, test } from '@jest/globals';
import { decideFor, startBlocked, waitForState, waitUntil } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { consoleClient } from '../support/console.js';
import { entitledBefore as before, entitledCustomers } from '../support/entitled.js';
import type { Fault } from '../../simulator/index.js';

// orders here name no place for data
const env = useVirtualEnvironment({ strict: true, storages: 1, drSites: 1, fileStorages: 1 });
const { aCustomer, change, portrait, writes } = entitledCustomers(env);
const LIST = 'GET /tenants/{id}/offering_items';
const PUT = 'PUT /tenants/{id}/offering_items';
const GIB = 2 ** 30;

describe('a customer gets exactly what the order says', () => {
  test.each<[string, object, object]>([
    ['another quota', { quotas: { workstations: { limit: 40 } } }, { ...before, workstations: 40 }],
    ['a quota of 0', { quotas: { workstations: { limit: 0 } } }, { ...before, workstations: 0 }],
    [
      'a hard quota in its unit',
      { quotas: { storage: { limit: '1 TiB', overage: '1 GiB' } } },
      { ...before, storage: [1024 * GIB, GIB] },
    ],
    [
      'an item without a quota, which is unlimited',
      { offeringItems: ['workstations'] },
      { ...before, workstations: null },
    ],
    ['an item that it lacks', { offeringItems: ['vms'], quotas: { vms: { limit: 3 } } }, { ...before, vms: 3 }],
    ['an item less', { remove: ['servers'] }, { workstations: 25, storage: null }],
    [
      'all at once',
      { offeringItems: ['vms'], quotas: { workstations: { limit: 30 }, vms: { limit: 1 } }, remove: ['servers'] },
      { workstations: 30, storage: null, vms: 1 },
    ],
  ])('%s; all else stays, and a repeat writes nothing', async (_words, fields, after) => {
    const { id, order } = await aCustomer(fields);

    expect(await change(order)).toMatchObject({ state: 'completed', changed: true, tenantId: id, notDone: [] });
    expect(portrait(id)).toEqual(after);
    expect(writes()).toEqual([PUT]);
    expect(await change(order)).toMatchObject({ state: 'completed', changed: false, notDone: [] });
    expect(writes()).toEqual([]);
  });

  test('a quota by the name of a usage counts for the item that the customer has', async () => {
    const id = env.simulator.world.addTenant({ name: 'With an edition', edition: 'pck_per_gigabyte' });

    await change({ tenant: { id }, quotas: { workstations: { limit: 7 } } });

    expect(portrait(id)).toMatchObject({ pg_base_workstations: 7, pg_base_servers: null });
  });
});

describe('whatever happens to the call', () => {
  const more = { quotas: { workstations: { limit: 40 } }, offeringItems: ['vms'], remove: ['servers'] };
  const after = { workstations: 40, storage: null, vms: null };

  test('the change is made once', async () => {
    const faults: [Fault, number?][] = [
      ['commit-then-drop'],
      ['drop-before'],
      ['garble'],
      [{ refuse: 503 }, 3],
      [{ refuse: 426, code: 1001 }],
    ];
    for (const [fault, times = 1] of faults) {
      const { id, order } = await aCustomer(more);
      env.simulator.faults.next(PUT, fault, { times, about: [id] });

      expect(await change(order)).toMatchObject({ state: 'completed', changed: true, notDone: [] });
      expect(portrait(id)).toEqual(after);
    }
  });

  test('a run that fails after it puts everything back', async () => {
    const { id, order } = await aCustomer(more);
    env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } }, { about: [id] });

    expect(await change(order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
    expect(portrait(id)).toEqual(before);
  });

  test('a run that fails before it has nothing to put back', async () => {
    const { id, order } = await aCustomer(more);
    env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });

    expect(await change(order)).toMatchObject({ failureType: 'Refused' });
    expect(portrait(id)).toEqual(before);
  });

  test('a run that is cancelled after it puts everything back', async () => {
    const { id, order } = await aCustomer(more);
    env.simulator.faults.next(PUT, { refuse: 503, commit: true }, { about: [id] });
    // no later try may find out before the run is cancelled
    env.simulator.faults.next(LIST, { refuse: 503 }, { after: 2, times: 99, about: [id] });
    const handle = await env.begin('changeEntitlement', order);
    await waitUntil(async () => portrait(id)['workstations'] === 40);

    await handle.cancel();
    env.simulator.faults.clear();

    expect(await waitForState(handle, 'cancelled')).toMatchObject({ reason: { type: 'Cancelled' } });
    expect(portrait(id)).toEqual(before);
  });

  test('a run that keeps what it has done leaves it', async () => {
    const { id, order } = await aCustomer({ ...more, onFailure: 'keep' });
    env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } }, { about: [id] });

    expect(await change(order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
    expect(portrait(id)).toEqual(after);
  });

  test('an item that somebody has changed in between is not touched, and a person is asked', async () => {
    const { id, order } = await aCustomer({ ...more, onFailure: 'ask' });
    env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });
    const handle = await startBlocked(env, 'changeEntitlement', order);
    const { offeringItems } = consoleClient(env.simulator);
    const row = (await offeringItems.list(id)).find(({ name }) => name === 'workstations')!;
    await offeringItems.put(id, [{ ...row, quota: { ...row.quota!, value: 33 } }]);

    await decideFor(handle, 'retry');

    expect(await waitForState(handle, 'blocked')).toMatchObject({
      blocked: { type: 'Tenantry.Unexpected', message: expect.stringMatching(/changed workstations meanwhile/) },
    });
    expect(portrait(id)).toEqual({ ...before, workstations: 33 });
    await handle.terminate();
  });
});

import { describe, expect, test } from '@jest/globals';
import { decideFor, startBlocked } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { entitledBefore as before, entitledCustomers } from '../support/entitled.js';

// orders here name no place for data
const env = useVirtualEnvironment({ strict: true, storages: 1, drSites: 1, fileStorages: 1 });
const { aCustomer, change, portrait, writes } = entitledCustomers(env);
const PUT = 'PUT /tenants/{id}/offering_items';
const GIB = 2 ** 30;

describe('what the customer uses', () => {
  test('stays as it is and is named with both numbers, and all else is done', async () => {
    const { id, order } = await aCustomer({
      quotas: { workstations: { limit: 10 }, storage: { limit: '50 GiB' } },
      offeringItems: ['vms', 'storage'],
      remove: ['servers'],
    });
    env.simulator.world.setUsage(id, 'storage', 60 * GIB);
    env.simulator.world.setUsage(id, 'servers', 2);

    expect(await change(order)).toMatchObject({
      state: 'completed',
      changed: true,
      notDone: [
        {
          field: 'quotas.storage',
          wanted: 50 * GIB,
          used: 60 * GIB,
          why: 'the tenant uses 60 GiB of storage, more than 50 GiB',
        },
        { field: 'offeringItems.servers', wanted: 0, used: 2, why: 'the tenant uses 2 of servers' },
      ],
    });
    expect(portrait(id)).toEqual({ ...before, workstations: 10, vms: null });
  });

  test('that is all of the order: nothing is written, and the step says why', async () => {
    const { id, order } = await aCustomer({ quotas: { workstations: { limit: 10 } } });
    env.simulator.world.setUsage(id, 'workstations', 11);

    const status = await change(order);

    expect(status).toMatchObject({ changed: false, notDone: [{ field: 'quotas.workstations', wanted: 10, used: 11 }] });
    expect(status.steps.at(-1)).toMatchObject({ lastError: expect.stringContaining('quotas.workstations: ') });
    expect([writes(), portrait(id)]).toEqual([[], before]);
  });

  test('does not hold up a quota that allows more than now', async () => {
    const { id, order } = await aCustomer({ quotas: { workstations: { limit: 30 } } });
    env.simulator.world.setUsage(id, 'workstations', 35);

    expect(await change(order)).toMatchObject({ changed: true, notDone: [] });
    expect(portrait(id)).toEqual({ ...before, workstations: 30 });
  });

  test('counts when a soft quota becomes hard', async () => {
    const { id, order } = await aCustomer({ quotas: { workstations: { limit: 25, overage: 0 } } });
    env.simulator.world.setUsage(id, 'workstations', 26);

    expect(await change(order)).toMatchObject({
      changed: false,
      notDone: [{ field: 'quotas.workstations', used: 26 }],
    });
    expect(portrait(id)).toEqual(before);
  });

  test('by now, although not when it was looked up, is left too', async () => {
    const { id, order } = await aCustomer({
      onFailure: 'ask',
      quotas: { workstations: { limit: 10 } },
      remove: ['servers'],
    });
    env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });
    const handle = await startBlocked(env, 'changeEntitlement', order);
    env.simulator.world.setUsage(id, 'workstations', 20);

    await decideFor(handle, 'retry');

    expect(await handle.result()).toMatchObject({
      notDone: [{ field: 'quotas.workstations', wanted: 10, used: 20 }],
    });
    expect(portrait(id)).toEqual({ workstations: 25, storage: null });
  });
});

describe('an order that limits to what is used', () => {
  const limitToUse = { belowUse: 'limitToUse' };

  test('sets such a quota to what is used, names both numbers, and follows the use down', async () => {
    const quotas = { workstations: { limit: 10, overage: 2 }, storage: { limit: '50 GiB' } };
    const { id, order } = await aCustomer({ quotas, ...limitToUse });
    env.simulator.world.setUsage(id, 'workstations', 20);
    env.simulator.world.setUsage(id, 'storage', 60 * GIB + 5);

    expect(await change(order)).toMatchObject({
      changed: true,
      notDone: [
        {
          field: 'quotas.workstations',
          wanted: 10,
          used: 20,
          why: 'the tenant uses 20 of workstations, more than 10: limited to what is used',
          limitedTo: { limit: 20, overage: 2 },
        },
        { field: 'quotas.storage', limitedTo: { limit: `${60 * GIB + 5} B` } },
      ],
    });
    expect(portrait(id)).toEqual({ ...before, workstations: [20, 2], storage: 60 * GIB + 5 });

    env.simulator.world.setUsage(id, 'workstations', 12);
    env.simulator.world.setUsage(id, 'storage', GIB);
    expect(await change(order)).toMatchObject({ notDone: [{ used: 12, limitedTo: { limit: 12 } }] });
    expect(portrait(id)).toEqual({ ...before, workstations: [12, 2], storage: 50 * GIB });

    env.simulator.world.setUsage(id, 'workstations', 3);
    expect(await change(order)).toMatchObject({ changed: true, notDone: [] });
    expect(portrait(id)).toEqual({ ...before, workstations: [10, 2], storage: 50 * GIB });
  });

  test('never raises a quota that is below the use already, and switches nothing off that is in use', async () => {
    const { id, order } = await aCustomer({
      quotas: { workstations: { limit: 10 } },
      remove: ['servers'],
      ...limitToUse,
    });
    env.simulator.world.setUsage(id, 'workstations', 30);
    env.simulator.world.setUsage(id, 'servers', 1);

    const { changed, notDone } = (await change(order)) as { changed?: boolean; notDone?: object[] };

    expect({ changed, notDone }).toEqual({
      changed: false,
      notDone: [
        expect.not.objectContaining({ limitedTo: expect.anything() }),
        expect.not.objectContaining({ limitedTo: expect.anything() }),
      ],
    });
    expect(portrait(id)).toEqual(before);
  });

  test('leaves a quota that is in use by now, although it was limited at the look-up', async () => {
    const { id, order } = await aCustomer({ onFailure: 'ask', quotas: { workstations: { limit: 10 } }, ...limitToUse });
    env.simulator.world.setUsage(id, 'workstations', 12);
    env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });
    const handle = await startBlocked(env, 'changeEntitlement', order);
    env.simulator.world.setUsage(id, 'workstations', 20);

    await decideFor(handle, 'retry');

    const { notDone } = (await handle.result()) as { notDone: object[] };
    expect(notDone).toEqual([
      { field: 'quotas.workstations', wanted: 10, used: 20, why: 'the tenant uses 20 of workstations, more than 12' },
    ]);
    expect(portrait(id)).toEqual(before);
  });
});

test('an order that sets quotas below the use does so, and still switches nothing off that is in use', async () => {
  const { id, order } = await aCustomer({
    quotas: { workstations: { limit: 10, overage: 0 } },
    remove: ['servers'],
    belowUse: 'set',
  });
  env.simulator.world.setUsage(id, 'workstations', 20);
  env.simulator.world.setUsage(id, 'servers', 2);

  expect(await change(order)).toMatchObject({ changed: true, notDone: [{ field: 'offeringItems.servers' }] });
  expect(portrait(id)).toEqual({ ...before, workstations: [10, 0] });
});

describe('what does not fit is refused at once, and nothing is written', () => {
  test.each<[string, object, RegExp]>([
    [
      'an item that the parent lacks',
      { offeringItems: ['boats'] },
      /^offeringItems: the parent does not offer "boats"/,
    ],
    ['an item by its usage', { offeringItems: ['pg_workstations'] }, /does not offer "pg_workstations"/],
    [
      'an item of another edition',
      { offeringItems: ['pg_base_vms'] },
      /belongs to pck_per_gigabyte, the tenant has st/,
    ],
    ['a quota in another unit', { quotas: { storage: { limit: 5 } } }, /^quotas\.storage\.limit: .*needs a unit/],
    ['a quota of what the customer lacks', { quotas: { vms: { limit: 5 } } }, /^quotas\.vms: .*offeringItems/],
    [
      'a quota of what is switched off',
      { quotas: { servers: { limit: 5 } }, remove: ['servers'] },
      /^quotas\.servers and remove: /,
    ],
    [
      'several things, all of them',
      { offeringItems: ['boats'], quotas: { vms: { limit: 5 } } },
      /^offeringItems: .*"boats".*; quotas\.vms: /,
    ],
  ])('%s', async (_words, fields, sentence) => {
    const { id, order } = await aCustomer(fields);

    const status = await change(order);

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
    expect([writes(), portrait(id)]).toEqual([[], before]);
  });

  test('a partner', async () => {
    const status = await change({ tenant: { name: 'Seeded Partner' }, remove: ['storage'], onFailure: 'undo' });

    expect(status).toMatchObject({ reason: { message: expect.stringMatching(/is a partner/) } });
  });
});

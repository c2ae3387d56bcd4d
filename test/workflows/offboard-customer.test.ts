import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { createAcronis } from '../../acronis/index.js';
import type { OperationStatus } from '../../contract/status.js';
import { blockedRun, decideFor, expectSoon, reached } from '../support/desk.js';
import { statusAtEnd } from '../support/house.js';
import { passingFaults } from '../support/passing-faults.js';
import { customersOf } from '../support/leaving.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();
const { leaving } = customersOf(house);
const gone = (id: string) => house.simulator.world.tenant(id) === undefined;
const writes = () => house.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const statusOf = async (handle: WorkflowHandle) => await handle.query<OperationStatus>('status');

test('a customer is disabled, reported on and deleted, and nothing of the report stays in the cloud', async () => {
  const { id, order } = leaving();
  house.calls();

  const status = await house.run('offboardCustomer', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: id, deletedAt: expect.any(String) });
  expect(gone(id)).toBe(true);
  expect(house.simulator.world.reports(id)).toEqual([]);
  const [file] = house.artefacts.filter(({ name }) => name.includes(id));
  expect(status).toMatchObject({ report: { artefact: `test:${file!.name}`, bytes: Buffer.byteLength(file!.content) } });
  expect(writes()).toEqual(['PUT /tenants/{id}', 'POST /reports', 'DELETE /reports/{id}', 'DELETE /tenants/{id}']);
});

test('a repeat finds it deleted, writes nothing, and says so', async () => {
  const { id, order } = leaving();
  await house.run('offboardCustomer', order);
  house.calls();

  const status = await house.run('offboardCustomer', order);

  expect(status).toMatchObject({ state: 'completed', changed: false, tenantId: id, deletedAt: expect.any(String) });
  expect(writes()).toEqual([]);
});

test('without a last report none is ordered', async () => {
  const { id, order } = leaving({ finalReport: false });
  house.calls();

  expect(await house.run('offboardCustomer', order)).toMatchObject({ state: 'completed' });
  expect(gone(id)).toBe(true);
  expect(writes()).toEqual(['PUT /tenants/{id}', 'DELETE /tenants/{id}']);
});

test('one that was disabled before stays so when it is given back', async () => {
  const { id, order } = leaving({ grace: '1 hour' });
  house.simulator.world.disable(id);
  const handle = await house.begin('offboardCustomer', order);
  await expectSoon(async () => (await statusOf(handle)).grace !== undefined);

  await handle.executeUpdate('restore', { args: [{ actor: 'ann', reason: 'a mistake' }] });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'failed', failureType: 'Refused' });
  expect(house.simulator.world.tenant(id)).toMatchObject({ enabled: false });
});

/** As a person in the console. */
function console() {
  const { url: baseUrl, clientId, clientSecret } = house.simulator;
  return createAcronis({ baseUrl, clientId, clientSecret, version: 'console' });
}

describe('what comes to light after the grace stops the deletion', () => {
  /** A run whose grace is over, and which waits for somebody before it goes on. */
  async function afterTheGrace() {
    const { id, order } = leaving({ onFailure: 'ask' });
    house.simulator.faults.next('POST /reports', { refuse: 403 }, { about: [id] });
    return { id, order, handle: await blockedRun(house, 'offboardCustomer', order) };
  }

  test('another user: a person is asked, names it, and the deletion goes on without another grace', async () => {
    const { id, order, handle } = await afterTheGrace();
    const login = `newcomer-${id}`;
    house.simulator.world.addUser({ tenant_id: id, login });

    await decideFor(handle, 'retry');
    await expectSoon(async () => (await reached(handle, 'blocked')).blocked.step === 'deleteTenant');
    const { blocked } = await reached(handle, 'blocked');
    expect(blocked).toMatchObject({ type: 'Tenantry.Unexpected', message: expect.stringContaining(`users: ${login}`) });
    house.calls();
    await decideFor(handle, 'amend', { input: { ...order, including: { users: [login] } } });

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(writes()).toEqual(['DELETE /tenants/{id}']);
  });

  test.each<[string, (id: string, version: number) => Promise<unknown>, RegExp]>([
    [
      'renamed',
      async (id, version) => await console().tenants.update(id, { version, name: `Sold ${id}` }),
      /its name was .* and is "Sold/,
    ],
    [
      'moved',
      async (id, version) => {
        const parent_id = house.simulator.world.addTenant({ name: `Partner of ${id}`, kind: 'partner' });
        await console().tenants.update(id, { version, parent_id });
      },
      /its parent was/,
    ],
    [
      'put in production',
      async (id) => {
        const { version } = await console().pricing.get(id);
        await console().pricing.put(id, { version, mode: 'production' });
      },
      /its pricing mode was "trial" and is "production"/,
    ],
  ])('somebody has %s it: it is not deleted', async (_words, change, sentence) => {
    const { id, handle } = await afterTheGrace();
    await change(id, (await console().tenants.get(id)).version);

    await decideFor(handle, 'retry');
    await expectSoon(async () => (await reached(handle, 'blocked')).blocked.step === 'deleteTenant');

    const { blocked } = await reached(handle, 'blocked');
    expect(blocked).toMatchObject({ type: 'Tenantry.Unexpected', message: expect.stringMatching(sentence) });
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);
    expect(gone(id)).toBe(false);
  });

  test('somebody has enabled the tenant: it is not deleted', async () => {
    const { id, handle } = await afterTheGrace();
    house.simulator.world.enable(id);

    await decideFor(handle, 'retry');
    await expectSoon(async () => (await reached(handle, 'blocked')).blocked.step === 'deleteTenant');
    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ reason: { step: 'deleteTenant' } });
    expect(house.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });
});

const routes = [
  'PUT /tenants/{id}',
  'POST /reports',
  'GET /reports/{id}/stored',
  'GET /reports/{id}/stored/{id}',
  'DELETE /reports/{id}',
  'DELETE /tenants/{id}',
];

test('whatever befalls each of its calls, the customer is deleted once, its report kept, and nothing left', async () => {
  const runs = Object.entries(passingFaults).map(([words, fault]) => {
    const { id, order } = leaving();
    for (const route of routes) house.simulator.faults.next(route, fault, { about: [id] });
    return { words, id, order };
  });

  const ends = await Promise.all(runs.map(({ order }) => house.run('offboardCustomer', order)));

  for (const [at, { words, id }] of runs.entries()) {
    expect([words, ends[at]]).toEqual([words, expect.objectContaining({ state: 'completed', changed: true })]);
    expect([words, gone(id), house.simulator.world.reports(id)]).toEqual([words, true, []]);
    expect(house.artefacts.filter(({ name }) => name.includes(id)).length).toBeGreaterThanOrEqual(1);
  }
});

test('nothing is deleted while the last report cannot be kept as a true file; a person decides', async () => {
  const { id, order } = leaving({ onFailure: 'ask' });
  const page = { refuse: 200, html: true };
  house.simulator.faults.next('GET /reports/{id}/stored/{id}', page, { about: [id], times: 4 });
  const handle = await house.begin('offboardCustomer', order);

  expect(await reached(handle, 'blocked')).toMatchObject({
    blocked: { step: 'keepReport', type: 'Acronis.Unreadable' },
  });
  expect(house.simulator.world.tenant(id)).toMatchObject({ enabled: false });
  expect(house.simulator.world.reports(id)).toHaveLength(1);
  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', report: { bytes: expect.any(Number) } });
  expect(gone(id)).toBe(true);
});

test('a person can leave out a last report that cannot be kept', async () => {
  const { id, order } = leaving({ onFailure: 'ask' });
  const page = { refuse: 200, html: true };
  house.simulator.faults.next('GET /reports/{id}/stored/{id}', page, { about: [id], times: 99 });
  const handle = await blockedRun(house, 'offboardCustomer', order);

  await decideFor(handle, 'amend', { input: { ...order, finalReport: false } });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(gone(id)).toBe(true);
  expect(house.artefacts.filter(({ name }) => name.includes(id))).toEqual([]);
});

test('a run that fails after it has disabled the tenant enables it again', async () => {
  const { id, order } = leaving();
  house.simulator.faults.next('POST /reports', { refuse: 403 }, { about: [id] });

  expect(await house.run('offboardCustomer', order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
  expect(house.simulator.world.tenant(id)).toMatchObject({ enabled: true });
});

test('a run that is aborted at the deletion enables the tenant again', async () => {
  const { id, order } = leaving({ onFailure: 'ask', finalReport: false });
  house.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 }, { about: [id] });
  const handle = await blockedRun(house, 'offboardCustomer', order);

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', reason: { step: 'deleteTenant' } });
  expect(house.simulator.world.tenant(id)).toMatchObject({ enabled: true });
});

test('a deletion that had worked after all is named, not called undone', async () => {
  const { id, order } = leaving({ onFailure: 'ask', finalReport: false });
  house.simulator.faults.next('DELETE /tenants/{id}', { lostThen: { refuse: 403 } }, { about: [id] });
  const handle = await blockedRun(house, 'offboardCustomer', order);

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({
    failureType: 'Leftovers',
    leftovers: [{ kind: 'tenant', id, reason: expect.stringContaining('restoreCustomer') }],
  });
});

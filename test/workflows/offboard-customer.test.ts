import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { OperationStatus } from '../../contract/status.js';
import { consoleClient } from '../support/console.js';
import { startBlocked, decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { transientFaults } from '../support/transient-faults.js';
import { customersToOffboard } from '../support/customers-to-offboard.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const { leaving } = customersToOffboard(env);
const gone = (id: string) => env.simulator.world.tenant(id) === undefined;
const writes = () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token');
const statusOf = async (handle: WorkflowHandle) => await handle.query<OperationStatus>('status');

test('a customer is disabled, reported on and deleted, and nothing of the report stays in the cloud', async () => {
  const { id, order } = leaving();
  env.calls();

  const status = await env.run('offboardCustomer', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, tenantId: id, deletedAt: expect.any(String) });
  expect(gone(id)).toBe(true);
  expect(env.simulator.world.reports(id)).toEqual([]);
  const [file] = env.artefacts.filter(({ name }) => name.includes(id));
  expect(status).toMatchObject({ report: { artefact: `test:${file!.name}`, bytes: Buffer.byteLength(file!.content) } });
  expect(writes()).toEqual(['PUT /tenants/{id}', 'POST /reports', 'DELETE /reports/{id}', 'DELETE /tenants/{id}']);
});

test('a repeat finds it deleted, writes nothing, and answers when it was deleted', async () => {
  const { id, order } = leaving();
  await env.run('offboardCustomer', order);
  env.calls();

  const status = await env.run('offboardCustomer', order);

  expect(status).toMatchObject({ state: 'completed', changed: false, tenantId: id, deletedAt: expect.any(String) });
  expect(writes()).toEqual([]);
});

test('without a last report none is ordered', async () => {
  const { id, order } = leaving({ finalReport: false });
  env.calls();

  expect(await env.run('offboardCustomer', order)).toMatchObject({ state: 'completed' });
  expect(gone(id)).toBe(true);
  expect(writes()).toEqual(['PUT /tenants/{id}', 'DELETE /tenants/{id}']);
});

test('a customer that was disabled before stays disabled when somebody restores it', async () => {
  const { id, order } = leaving({ grace: '1 hour' });
  env.simulator.world.disable(id);
  const handle = await env.begin('offboardCustomer', order);
  await waitUntil(async () => (await statusOf(handle)).grace !== undefined);

  await handle.executeUpdate('restore', { args: [{ actor: 'ann', reason: 'a mistake' }] });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'failed', failureType: 'Leftovers', leftovers: [{ id }] });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: false });
});

test('a customer that was disabled before is named when the run undoes something else', async () => {
  const { id, order } = leaving();
  env.simulator.world.disable(id);
  env.simulator.faults.next('GET /reports/{id}/stored', { refuse: 403 }, { about: [id], times: 99 });

  const status = await env.run('offboardCustomer', order);

  expect(status).toMatchObject({
    state: 'undone',
    leftovers: [{ kind: 'tenant', id, reason: expect.stringContaining('stays disabled') }],
  });
});

describe('what comes to light after the grace stops the deletion', () => {
  /** A run whose grace is over, and which waits for somebody before it goes on. */
  async function afterTheGrace() {
    const { id, order } = leaving({ onFailure: 'ask' });
    env.simulator.faults.next('POST /reports', { refuse: 403 }, { about: [id] });
    return { id, order, handle: await startBlocked(env, 'offboardCustomer', order) };
  }

  test('another user: a person is asked, names it, and the deletion goes on without another grace', async () => {
    const { id, order, handle } = await afterTheGrace();
    const login = `newcomer-${id}`;
    env.simulator.world.addUser({ tenant_id: id, login });

    await decideFor(handle, 'retry');
    await waitUntil(async () => (await waitForState(handle, 'blocked')).blocked.step === 'deleteTenant');
    const { blocked } = await waitForState(handle, 'blocked');
    expect(blocked).toMatchObject({ type: 'Tenantry.Unexpected', message: expect.stringContaining(`users: ${login}`) });
    env.calls();
    await decideFor(handle, 'amend', { input: { ...order, including: { users: [login] } } });

    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expect(writes()).toEqual(['DELETE /tenants/{id}']);
  });

  test.each<[string, (id: string, version: number) => Promise<unknown>, RegExp]>([
    [
      'renamed',
      async (id, version) => await consoleClient(env.simulator).tenants.update(id, { version, name: `Sold ${id}` }),
      /its name was .* and is "Sold/,
    ],
    [
      'put in production',
      async (id) => {
        const { version } = await consoleClient(env.simulator).pricing.get(id);
        await consoleClient(env.simulator).pricing.put(id, { version, mode: 'production' });
      },
      /its pricing mode was "trial" and is "production"/,
    ],
  ])('somebody has %s it: it is not deleted', async (_words, change, sentence) => {
    const { id, handle } = await afterTheGrace();
    await change(id, (await consoleClient(env.simulator).tenants.get(id)).version);

    await decideFor(handle, 'retry');
    await waitUntil(async () => (await waitForState(handle, 'blocked')).blocked.step === 'deleteTenant');

    const { blocked } = await waitForState(handle, 'blocked');
    expect(blocked).toMatchObject({ type: 'Tenantry.Unexpected', message: expect.stringMatching(sentence) });
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);
    expect(gone(id)).toBe(false);
  });

  test('somebody has moved it: nothing more is done in it', async () => {
    const { id, handle } = await afterTheGrace();
    const parent_id = env.simulator.world.addTenant({ name: `Partner of ${id}`, kind: 'partner' });
    await consoleClient(env.simulator).tenants.update(id, {
      version: (await consoleClient(env.simulator).tenants.get(id)).version,
      parent_id,
    });
    writes();

    await decideFor(handle, 'retry');

    expect((await waitForState(handle, 'blocked')).blocked).toMatchObject({
      step: 'checkStillMeant',
      message: expect.stringMatching(/moved it below/),
    });
    expect(writes()).toEqual([]);
    await decideFor(handle, 'abort');
    await statusAtEnd(handle);
    expect(gone(id)).toBe(false);
  });

  test('somebody has enabled the tenant: it is not deleted', async () => {
    const { id, handle } = await afterTheGrace();
    env.simulator.world.enable(id);

    await decideFor(handle, 'retry');
    await waitUntil(async () => (await waitForState(handle, 'blocked')).blocked.step === 'deleteTenant');
    await decideFor(handle, 'abort');

    expect(await statusAtEnd(handle)).toMatchObject({ reason: { step: 'deleteTenant' } });
    expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
  });
});

const stored = 'GET /reports/{id}/stored';
const ofReports = ['POST /reports', stored, `${stored}/{id}`, 'DELETE /reports/{id}'];
const routes = ['PUT /tenants/{id}', ...ofReports, 'DELETE /tenants/{id}'];

test('whatever happens to each of its calls, the customer is deleted once, its report kept, and nothing left', async () => {
  const runs = Object.entries(transientFaults).map(([words, fault]) => {
    const { id, order } = leaving();
    // a change by others just before the deletion is asked about
    const troubled = fault === 'bump-version' ? routes.slice(0, -1) : routes;
    for (const route of troubled) env.simulator.faults.next(route, fault, { about: [id] });
    return { words, id, order };
  });

  const ends = await Promise.all(runs.map(({ order }) => env.run('offboardCustomer', order)));

  for (const [at, { words, id }] of runs.entries()) {
    expect([words, ends[at]]).toEqual([words, expect.objectContaining({ state: 'completed', changed: true })]);
    expect([words, gone(id), env.simulator.world.reports(id)]).toEqual([words, true, []]);
    expect(env.artefacts.filter(({ name }) => name.includes(id)).length).toBeGreaterThanOrEqual(1);
  }
});

test('nothing is deleted while the last report cannot be kept as a true file; a person decides', async () => {
  const { id, order } = leaving({ onFailure: 'ask' });
  const page = { refuse: 200, html: true };
  env.simulator.faults.next('GET /reports/{id}/stored/{id}', page, { about: [id], times: 4 });
  const handle = await env.begin('offboardCustomer', order);

  expect(await waitForState(handle, 'blocked')).toMatchObject({
    blocked: { step: 'keepReport', type: 'Acronis.Unreadable' },
  });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: false });
  expect(env.simulator.world.reports(id)).toHaveLength(1);
  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', report: { bytes: expect.any(Number) } });
  expect(gone(id)).toBe(true);
});

test('a person can leave out a last report that cannot be kept', async () => {
  const { id, order } = leaving({ onFailure: 'ask' });
  const page = { refuse: 200, html: true };
  env.simulator.faults.next('GET /reports/{id}/stored/{id}', page, { about: [id], times: 99 });
  const handle = await startBlocked(env, 'offboardCustomer', order);

  await decideFor(handle, 'amend', { input: { ...order, finalReport: false } });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(gone(id)).toBe(true);
  expect(env.artefacts.filter(({ name }) => name.includes(id))).toEqual([]);
});

test('a run that fails after it has disabled the tenant enables it again', async () => {
  const { id, order } = leaving();
  env.simulator.faults.next('POST /reports', { refuse: 403 }, { about: [id] });

  expect(await env.run('offboardCustomer', order)).toMatchObject({ state: 'undone', failureType: 'Undone' });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
});

test('a run that is aborted at the deletion enables the tenant again', async () => {
  const { id, order } = leaving({ onFailure: 'ask', finalReport: false });
  env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 }, { about: [id] });
  const handle = await startBlocked(env, 'offboardCustomer', order);

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', reason: { step: 'deleteTenant' } });
  expect(env.simulator.world.tenant(id)).toMatchObject({ enabled: true });
});

test('a deletion that had worked after all is named, not called undone', async () => {
  const { id, order } = leaving({ onFailure: 'ask', finalReport: false });
  env.simulator.faults.next('DELETE /tenants/{id}', { lostThen: { refuse: 403 } }, { about: [id] });
  const handle = await startBlocked(env, 'offboardCustomer', order);

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({
    failureType: 'Leftovers',
    leftovers: [{ kind: 'tenant', id, reason: expect.stringContaining('restoreCustomer') }],
  });
});

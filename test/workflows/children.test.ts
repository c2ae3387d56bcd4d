import { expect, test } from '@jest/globals';
import { anOrder, workflowIdOf } from '../support/orders.js';
import { childrenOf, continueNow, end } from '../support/parent-workflow.js';
import { parentsIn, parentWorkflows, type Parent } from '../support/parents.js';
import { decideFor, reset, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment({}, { workflows: parentWorkflows });
const { aParent, anOrderThatBlocks, begin, cancel, tryToBegin, whenBlocked, whenEnded, whenRunning } = parentsIn(env);
const ITEMS = 'PUT /tenants/{id}/offering_items';
const PROVISION = 'provisionCustomer';
const runOf = (id: string) => env.client.workflow.getHandle(id);

test('a completed child brings its result', async () => {
  const handle = await aParent();
  const order = anOrder();

  const child = await begin(handle, PROVISION, order);

  expect(child).toMatchObject({ id: workflowIdOf(order), operation: PROVISION, own: true });
  const status = await whenEnded(handle, child.id);
  const { steps: _steps, ...result } = await statusAtEnd(runOf(child.id));
  expect(status).toEqual(result);
  expect(status).toMatchObject({ state: 'completed', tenantId: expect.any(String), offeringItems: expect.any(Array) });
});

test('a child is started as the command line starts a run, and its news cost one signal', async () => {
  const handle = await aParent();
  const order = anOrder();
  const { id } = await begin(handle, PROVISION, order);
  await whenEnded(handle, id);
  await statusAtEnd(runOf(id));

  const { raw, staticSummary } = await runOf(id).describe();
  const { events } = await runOf(id).fetchHistory();

  expect(await staticSummary()).toBe(id.replace(':', ' '));
  expect(raw.executionConfig?.defaultWorkflowTaskTimeout?.seconds?.toString()).toBe('5');
  expect(events!.filter((event) => event.externalWorkflowExecutionSignaledEventAttributes)).toHaveLength(1);
});

test('a run without a watcher sends no news', async () => {
  const order = anOrder();
  await env.provision(order, workflowIdOf(order));

  const { events } = await runOf(workflowIdOf(order)).fetchHistory();

  expect(events!.filter((event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes)).toEqual([]);
});

test('a child that blocks says why, and goes on after a decision', async () => {
  const handle = await aParent();
  const { id } = await begin(handle, PROVISION, anOrderThatBlocks());

  const { status } = await whenBlocked(handle, id);

  expect(status).toMatchObject({ blocked: { step: 'applyOfferingItems', choices: expect.any(Array) } });
  expect(status).not.toHaveProperty('steps');
  await decideFor(runOf(id), 'retry');
  expect(await whenEnded(handle, id)).toMatchObject({ state: 'completed' });
});

test.each([
  ['undo', 'undone', 'Undone'],
  ['keep', 'failed', 'Kept'],
] as const)('a child with onFailure %j that fails ends as %s', async (onFailure, state, type) => {
  env.simulator.faults.next(ITEMS, { refuse: 403 });
  const handle = await aParent();

  const { id } = await begin(handle, PROVISION, anOrder({ onFailure }));

  expect(await whenEnded(handle, id)).toMatchObject({ state, reason: { type } });
});

test('a child that leaves something over names it', async () => {
  env.simulator.faults.next(ITEMS, { refuse: 403 });
  env.simulator.faults.next('DELETE /tenants/{id}', { refuse: 403 }, { times: Infinity });
  const handle = await aParent();

  const { id } = await begin(handle, PROVISION, anOrder({ onFailure: 'undo' }));

  const leftovers = [expect.objectContaining({ kind: 'tenant' })];
  expect(await whenEnded(handle, id)).toMatchObject({ state: 'failed', reason: { type: 'Leftovers' }, leftovers });
});

test('a child whose login somebody else has is refused', async () => {
  const handle = await aParent();

  const { id } = await begin(handle, PROVISION, anOrder({ administrator: { login: 'taken.login' } }));

  expect(await whenEnded(handle, id)).toMatchObject({ state: 'failed', reason: { type: 'Refused' } });
});

test('a child that differs from a completed order ends as Different', async () => {
  const handle = await aParent();
  const order = anOrder();
  const { id } = await begin(handle, PROVISION, order);
  await whenEnded(handle, id);

  await begin(handle, PROVISION, { ...order, customer: { ...order.customer, language: 'de' } });

  expect(await whenEnded(handle, id)).toMatchObject({ state: 'failed', reason: { type: 'Different' } });
});

test('a refused input starts nothing, and every problem is named', async () => {
  const handle = await aParent();

  const begun = await tryToBegin(handle, PROVISION, { ...anOrder(), onFailure: 5 });

  expect(begun).toEqual({ refused: [{ path: 'onFailure', message: expect.any(String) }] });
  expect(await handle.query(childrenOf)).toEqual([]);
});

test('the same order can be started again as soon as its end is known', async () => {
  const handle = await aParent();
  const order = anOrder();
  const first = await begin(handle, PROVISION, order);
  await whenEnded(handle, first.id);

  const second = await begin(handle, PROVISION, order);

  expect(second).toMatchObject({ id: first.id, own: true });
  expect(second.runId).not.toBe(first.runId);
  expect(await whenEnded(handle, second.id)).toMatchObject({ state: 'completed', changed: false });
});

test('a child that somebody has terminated is noticed by the slow look', async () => {
  const handle = await aParent({ lookAfter: '1 second' });
  const { id } = await begin(handle, PROVISION, anOrderThatBlocks());
  await whenBlocked(handle, id);

  await runOf(id).terminate('enough');

  const reason = { type: 'Terminated', message: expect.stringContaining('enough') };
  expect(await whenEnded(handle, id)).toMatchObject({ state: 'failed', reason });
});

test('a child that somebody has reset to a time before it was blocked is noticed by the slow look', async () => {
  const handle = await aParent({ lookAfter: '1 second' });
  const { id } = await begin(handle, PROVISION, anOrderThatBlocks());
  await whenBlocked(handle, id);
  env.simulator.faults.next(ITEMS, { refuse: 503 }, { times: Infinity });

  const again = await reset(env, runOf(id), { before: 'applyOfferingItems' });

  await whenRunning(handle, id);
  env.simulator.faults.clear();
  expect(await statusAtEnd(again)).toMatchObject({ state: 'completed' });
  expect(await whenEnded(handle, id)).toMatchObject({ state: 'completed' });
});

async function continueAsNew(handle: Parent): Promise<void> {
  const runId = async () => (await handle.describe()).runId;
  const before = await runId();
  await handle.signal(continueNow);
  await waitUntil(async () => (await runId()) !== before);
}

test('a parent that continues as new still hears of its child', async () => {
  const handle = await aParent();
  const { id } = await begin(handle, PROVISION, anOrderThatBlocks());
  await whenBlocked(handle, id);

  await continueAsNew(handle);

  await whenBlocked(handle, id);
  await decideFor(runOf(id), 'retry');
  expect(await whenEnded(handle, id)).toMatchObject({ state: 'completed' });
});

test('a parent can cancel a child that it has started before it continued as new', async () => {
  const handle = await aParent();
  const { id } = await begin(handle, PROVISION, anOrderThatBlocks());
  await whenBlocked(handle, id);
  await continueAsNew(handle);

  expect(await cancel(handle, id)).toBe(true);

  const message = 'the run was cancelled by customer (not verified): overtaken';
  expect(await whenEnded(handle, id)).toMatchObject({ state: 'cancelled', reason: { message } });
  expect(await cancel(handle, id)).toBe(false);
});

test('a child goes on when its parent has ended', async () => {
  const handle = await aParent();
  const { id } = await begin(handle, PROVISION, anOrderThatBlocks());
  await whenBlocked(handle, id);
  await handle.signal(end);
  await handle.result();

  await decideFor(runOf(id), 'retry');

  expect(await statusAtEnd(runOf(id))).toMatchObject({ state: 'completed' });
});

import { expect, test } from '@jest/globals';
import { parseKeys } from '../../vault/index.js';
import { workflowIdOf, type Order } from '../support/orders.js';
import { parentsIn, parentWorkflows } from '../support/parents.js';
import { decideFor, startBlocked, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const keys = parseKeys(`k1:${Buffer.alloc(32, 7).toString('base64')}`);
const env = useTestEnvironment({}, { workflows: parentWorkflows, keys });
const { aParent, anOrderThatBlocks, begin, cancel, whenBlocked, whenEnded } = parentsIn(env);
const PROVISION = 'provisionCustomer';

/** A run that a person has started, with the workflow id that the command line gives it. */
const startedByPerson = async (order: Order) => await startBlocked(env, PROVISION, order, workflowIdOf(order));

test('an open run of a person with the same input is joined, and cannot be cancelled', async () => {
  const order = anOrderThatBlocks();
  const run = await startedByPerson(order);
  const handle = await aParent();

  const child = await begin(handle, PROVISION, order);

  expect(child).toMatchObject({ id: run.workflowId, runId: (await run.describe()).runId, own: false });
  expect(child).not.toHaveProperty('otherInput');
  expect((await whenBlocked(handle, child.id)).status).toMatchObject({ blocked: { step: 'applyOfferingItems' } });
  expect(await cancel(handle, child.id)).toBe(false);
  await decideFor(run, 'retry');
  expect(await whenEnded(handle, child.id)).toMatchObject({ state: 'completed', tenantId: expect.any(String) });
});

test('an open run with other input is named with its differences, and its end is heard', async () => {
  const order = anOrderThatBlocks();
  const run = await startedByPerson(order);
  const handle = await aParent();

  const child = await begin(handle, PROVISION, { ...order, onFailure: 'keep' });

  expect(child).toMatchObject({ own: false, otherInput: ['onFailure is "ask" there and "keep" here'] });
  await decideFor(run, 'abort');
  expect(await whenEnded(handle, child.id)).toMatchObject({ state: 'undone' });
});

test('two parents hear of one run', async () => {
  const [one, other] = await Promise.all([aParent(), aParent()]);
  const order = anOrderThatBlocks();
  const { id } = await begin(one, PROVISION, order);
  await whenBlocked(one, id);

  expect(await begin(other, PROVISION, order)).toMatchObject({ id, own: false });

  await whenBlocked(other, id);
  await decideFor(env.client.workflow.getHandle(id), 'retry');
  for (const parent of [one, other]) expect(await whenEnded(parent, id)).toMatchObject({ state: 'completed' });
});

test('a parent that starts its own open child again finds it as its own', async () => {
  const order = anOrderThatBlocks();
  const handle = await aParent();
  const { id, runId } = await begin(handle, PROVISION, order);
  await whenBlocked(handle, id);

  const again = await begin(handle, PROVISION, order);

  expect(again).toMatchObject({ id, runId, own: true });
  await whenBlocked(handle, id);
});

test('a watcher that does not exist does not disturb the run', async () => {
  const run = await startedByPerson(anOrderThatBlocks());

  await run.signal<[object]>('watch', { workflowId: 'nobody' });
  await decideFor(run, 'retry');

  expect(await statusAtEnd(run)).toMatchObject({ state: 'completed' });
});

test.each([undefined, null, {}, { workflowId: 5 }, { workflowId: '' }, { workflowId: 'x'.repeat(2000) }])(
  'a request to watch that says %j is ignored',
  async (request) => {
    const run = await startedByPerson(anOrderThatBlocks());

    await run.signal<[unknown]>('watch', request);
    await decideFor(run, 'retry');

    expect(await waitForState(run, 'completed')).toMatchObject({ changed: true });
  },
);

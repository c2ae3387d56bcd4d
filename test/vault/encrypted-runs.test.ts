import { expect, test } from '@jest/globals';
import { Client, type WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { operationStatus } from '../../client/status.js';
import { parseKeys } from '../../vault/index.js';
import { startBlockedAt, decideFor, refusalMessage } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { everyHistory, withDecodedLayers } from '../support/leaks.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment({}, { keys: parseKeys(`k1:${Buffer.alloc(32, 7).toString('base64')}`) });
const { UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED } =
  proto.temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage;
const ROLE = 'PUT /users/{id}/access_policies';

/** What Temporal keeps of a run, read by somebody without the keys. */
async function keptOf(id: string): Promise<string> {
  const stranger = new Client({ connection: env.client.connection });
  const all = await everyHistory(stranger);
  return withDecodedLayers([...all].find(([run]) => run.startsWith(`${id} `))![1]);
}

test('without the keys a history shows no customer, person or reason, not even when the run failed', async () => {
  const order = anOrder({
    customer: { name: 'Geheimrat GmbH' },
    activation: { by: 'password', secretRef: 'env:ADMIN' },
  });
  env.simulator.faults.next(ROLE, { refuse: 403, message: 'Geheimrat may not' });

  const status = await env.provision(order, 'hidden');

  expect(status).toMatchObject({ state: 'undone', reason: { message: expect.stringContaining('Geheimrat may not') } });
  const kept = await keptOf('hidden');
  expect(kept).toContain('binary/encrypted');
  for (const hidden of ['Geheimrat', order.administrator.login, order.administrator.email, 'may not'])
    expect([hidden, kept.includes(hidden)]).toEqual([hidden, false]);
});

test('what is encrypted is all there for those who have the keys: status, tries under way, decisions, the end', async () => {
  const { handle } = await startBlockedAt(env, ROLE);
  expect(await operationStatus(env.client, handle.workflowId, env.taskQueue)).toMatchObject({ state: 'blocked' });
  await decideFor(handle, 'retry', { reason: 'right granted' });

  const end = await statusAtEnd(handle);

  expect(end).toMatchObject({ state: 'completed', decisions: [{ reason: 'right granted' }] });
  expect(await operationStatus(env.client, handle.workflowId, env.taskQueue)).toMatchObject({ state: 'completed' });
});

test('why a decision was refused can be read without the keys, and is nowhere in the history; why an amendment was, only with them', async () => {
  const { handle, order } = await startBlockedAt(env, ROLE);
  const stranger = new Client({ connection: env.client.connection }).workflow.getHandle(handle.workflowId);

  expect(await refusalMessage(decideFor(stranger, 'skip'))).toMatch(/^assignRole cannot be skipped/);
  const amended = { input: { ...order, customer: { ...order.customer, name: 'Another' } } };
  expect(await refusalMessage(decideFor(handle, 'amend', amended))).toMatch(
    /^customer.name cannot be amended any more/,
  );
  await decideFor(handle, 'abort');
  await statusAtEnd(handle);

  const kept = await keptOf(handle.workflowId);
  expect(kept).not.toContain('cannot be skipped');
  expect(kept).not.toContain('cannot be amended');
});

test('a run that somebody starts without the keys is understood', async () => {
  const stranger = new Client({ connection: env.client.connection });
  const order = anOrder();
  const start = { workflowId: 'in the open', taskQueue: env.taskQueue, args: [order] };

  await stranger.workflow.start('provisionCustomer', start);

  const handle = env.client.workflow.getHandle('in the open');
  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(await keptOf('in the open')).toContain('binary/encrypted');
});

test('an encrypted decision that somebody copies into another run is not taken by it', async () => {
  const [from, to] = [await startBlockedAt(env, ROLE), await startBlockedAt(env, ROLE)];
  await decideFor(from.handle, 'abort', { reason: 'meant for the first run only' });
  await statusAtEnd(from.handle);
  const { events } = await from.handle.fetchHistory();
  const stolen = events!.find(({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => accepted)!
    .workflowExecutionUpdateAcceptedEventAttributes!.acceptedRequest!.input!;

  const { outcome } = await sendStolen(to.handle, stolen);

  expect(outcome?.failure).toBeDefined();
  const accepted = (await to.handle.fetchHistory()).events!.filter(
    (event) => event.workflowExecutionUpdateAcceptedEventAttributes,
  );
  expect(accepted).toEqual([]);
  await decideFor(to.handle, 'retry');
  expect(await statusAtEnd(to.handle)).toMatchObject({ state: 'completed', decisions: [{ choice: 'retry' }] });
});

/** Sends the input of an update as it was found in a history, by somebody who has no keys. */
async function sendStolen({ workflowId }: WorkflowHandle, input: object) {
  return await env.client.withDeadline(Date.now() + 30_000, () =>
    env.client.workflowService.updateWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId },
      request: { meta: { updateId: 'stolen', identity: 'nobody' }, input },
      waitPolicy: { lifecycleStage: UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED },
    }),
  );
}

import { expect, test } from '@jest/globals';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { checkWorkflowId, startOperation } from '../../client/operations.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';
import { anOrder } from '../support/orders.js';

/** A client that hears once, or so many times, that a run with this input is under way. The run has this status. */
function clientOf(status: string, input: unknown, times = 1): Client {
  const starts = [...Array.from({ length: times }, () => 'there already'), 'fresh'];
  const start = async () => {
    if (starts.shift() === 'there already') throw new WorkflowExecutionAlreadyStartedError('there', 'id', 'type');
    return { firstExecutionRunId: 'new' };
  };
  const describe = async () => ({
    runId: 'old',
    type: 'provisionCustomer',
    status: { name: status },
    typedSearchAttributes: { get: () => undefined },
    raw: {},
  });
  const payloads = [defaultPayloadConverter.toPayload(input)];
  const events = [{ workflowExecutionStartedEventAttributes: { input: { payloads } } }];
  return {
    workflow: { start, getHandle: () => ({ describe }) },
    connection: {
      workflowService: {
        getWorkflowExecutionHistory: async () => ({ history: { events } }),
        describeTaskQueue: async () => ({ pollers: [] }),
      },
    },
    options: {
      namespace: 'default',
      loadedDataConverter: { payloadCodecs: [], payloadConverter: defaultPayloadConverter },
    },
  } as unknown as Client;
}

test.each([
  ['is joined while it is open', 'RUNNING', { runId: 'old', joined: true }],
  ['is not joined once it has closed in between: a new one starts', 'COMPLETED', { runId: 'new', joined: false }],
])('a run of the same input %s', async (_what, status, expected) => {
  const input = anOrder();
  const started = await startOperation(clientOf(status, input), {
    operation: 'provisionCustomer',
    input,
    taskQueue: 'tasks',
  });

  expect(started).toMatchObject(expected);
});

test('a start is repeated while others start first and their runs close', async () => {
  const input = anOrder();
  const started = await startOperation(clientOf('COMPLETED', input, 4), {
    operation: 'provisionCustomer',
    input,
    taskQueue: 'tasks',
  });

  expect(started).toMatchObject({ runId: 'new', joined: false });
});

test.each([
  ['without its operation', 'customer-inc'],
  ['of another operation', 'addUser:customer-inc'],
  ['without a key', 'provisionCustomer:'],
  ['with a slash', 'provisionCustomer:a/b'],
  ['with a blank', 'provisionCustomer:a b'],
  ['with a control character', 'provisionCustomer:a\u0007'],
  ['with a hidden character', 'provisionCustomer:a\u202e'],
  ['that is too long', `provisionCustomer:${'a'.repeat(250)}`],
])('an id %s is refused before anything is started', async (_what, id) => {
  const input = anOrder();
  const start = startOperation(clientOf('RUNNING', input), {
    operation: 'provisionCustomer',
    input,
    taskQueue: 'x',
    id,
  });

  await expect(start).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('cannot be used') });
});

test('an id of the operation is accepted, also one for another cloud or with letters of any script', () => {
  for (const key of ['customer-inc', 'eu:customer-inc', 'Müller~20GmbH', '顧客'])
    expect(() => checkWorkflowId('provisionCustomer', `provisionCustomer:${key}`)).not.toThrow();
});

test('the command line refuses such an id, and an input that is too large, before it connects', async () => {
  const run = async (more: string[], note?: string) =>
    await tenantry(['run', 'provisionCustomer', '--input', '-', ...more], {}, JSON.stringify({ ...anOrder(), note }));

  expect(await run(['--id', 'a/b'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('The id "a/b" cannot be used: it must be provisionCustomer: and a key'),
  });
  expect(await run([], 'x'.repeat(300 * 1024))).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^Standard input is 301 KiB large; an input has at most 256 KiB\./),
  });
});

import { expect, test } from '@jest/globals';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { startOperation } from '../../client/operations.js';
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

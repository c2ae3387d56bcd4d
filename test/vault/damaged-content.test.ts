import { expect, test } from '@jest/globals';
import { Client, type WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import { CANCELLING_SIGNAL } from '../../contract/decisions.js';
import { CLAIM_TURN, LEND_TURN, RELEASE_TURN, TURN_LENT, TURN_NEWS, TURN_QUEUE } from '../../contract/turn-queue.js';
import { statusText } from '../../client/cli/format.js';
import { createCodec, parseKeys } from '../../vault/index.js';
import { anOrder } from '../support/orders.js';
import { decideFor, refusalMessage, startBlockedAt, waitUntil } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const keys = parseKeys(`k1:${Buffer.alloc(32, 7).toString('base64')}`);
const env = useTestEnvironment({}, { keys });
const ROLE = 'PUT /users/{id}/access_policies';
const codec = createCodec(keys);

const another = { type: 'workflow', namespace: 'default', workflowId: 'another' } as const;
const [ofAnotherRun] = await codec.encode(
  [defaultPayloadConverter.toPayload({ actor: 'jane', reason: 'for it' })],
  another,
);

/** What a person or a program sends whose payloads are damaged on the way. */
const damages: Record<string, (payload: Payload) => Payload> = {
  'with a changed byte': (sealed) => ({
    ...sealed,
    data: sealed.data!.map((byte, at) => (at === 20 ? byte ^ 1 : byte)),
  }),
  'that is cut short': (sealed) => ({ ...sealed, data: sealed.data!.subarray(0, 5) }),
  'without content': (sealed) => ({ ...sealed, data: new Uint8Array() }),
  'that is not JSON': () => ({
    metadata: { [METADATA_ENCODING_KEY]: Buffer.from('json/plain') },
    data: Buffer.from('{'),
  }),
  'that was copied from another run': () => ofAnotherRun!,
};

function damagingClient(damage: (payload: Payload) => Payload): Client {
  const damaging: PayloadCodec = {
    decode: codec.decode,
    encode: async (payloads, context) => (await codec.encode(payloads, context)).map(damage),
  };
  return new Client({ connection: env.client.connection, dataConverter: { payloadCodecs: [damaging] } });
}

const updateThrough = (client: Client, { workflowId }: WorkflowHandle) =>
  decideFor(client.workflow.getHandle(workflowId), 'retry');

test.each(Object.entries(damages))(
  'a decision %s is refused and recorded nowhere, and a signal is dropped and named; the run goes on',
  async (_how, damage) => {
    const { handle } = await startBlockedAt(env, ROLE);
    const client = damagingClient(damage);
    const theirs = client.workflow.getHandle(handle.workflowId);

    expect(await refusalMessage(updateThrough(client, handle))).toMatch(/damaged|JSON|copied/);
    for (const signal of [CANCELLING_SIGNAL, TURN_NEWS, LEND_TURN, LEND_TURN]) await theirs.signal(signal, {}, 'more');
    await decideFor(handle, 'retry');

    const end = await statusAtEnd(handle);
    expect(end).toMatchObject({
      state: 'completed',
      decisions: [{ choice: 'retry' }],
      dropped: [
        { signal: CANCELLING_SIGNAL, times: 1 },
        { signal: TURN_NEWS, times: 1 },
        { signal: LEND_TURN, times: 2 },
      ],
    });
    expect(statusText(end)).toContain(`dropped: 2 signal(s) "${LEND_TURN}" with damaged content`);
  },
);

test('a signal without the argument that is expected is no damaged one', async () => {
  const { handle } = await startBlockedAt(env, ROLE);

  await handle.signal(CANCELLING_SIGNAL);
  await handle.cancel();

  await expect(handle.result()).rejects.toThrow('cancelled');
  expect(await handle.query('status')).toMatchObject({ state: 'cancelled' });
  expect(await handle.query('status')).not.toHaveProperty('dropped');
});

test('damaged signals do not stop the queue of the turns', async () => {
  await env.provision(anOrder(), 'before');
  const client = damagingClient(damages['with a changed byte']!);
  const queues = client.workflow.list({ query: `WorkflowType = '${TURN_QUEUE}'` });
  let count = 0;

  for await (const { workflowId } of queues)
    for (const signal of [CLAIM_TURN, RELEASE_TURN, TURN_LENT]) {
      await client.workflow.getHandle(workflowId).signal(signal, {});
      count += 1;
    }

  expect(count).toBeGreaterThan(0);
  expect(await env.provision(anOrder(), 'after')).toMatchObject({ state: 'completed' });
});

test('a run whose input is damaged stands still and does nothing: with the right key it could be read', async () => {
  const client = damagingClient(damages['with a changed byte']!);
  const start = { workflowId: 'damaged', taskQueue: env.taskQueue, args: [anOrder()] };
  env.calls();
  const handle = await client.workflow.start('provisionCustomer', start);
  const failures = async () => {
    const { events } = await handle.fetchHistory();
    return (events ?? []).flatMap((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? []);
  };

  await waitUntil(async () => (await failures()).length > 0);

  expect((await handle.describe()).status.name).toBe('RUNNING');
  expect(env.calls()).toEqual([]);
  await handle.terminate();
});

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, FACTS_SIGNAL, type CustomerStatus } from '../../../contract/customers.js';
import type { Fact } from '../../../contract/facts.js';
import { readFacts } from '../../support/fact-reader.js';
import { waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';

const env = useVirtualEnvironment({}, { readFacts });

const fact = (ref: string, minutes: number, subscription: object = {}, more: object = {}): Fact => ({
  source: 'shop',
  event: { id: `evt-${minutes}`, type: 'customer.subscription.updated' },
  at: new Date(Date.now() - 3_600_000 + minutes * 60_000).toISOString(),
  customer: { ref, name: 'Customer, Inc', contact: { email: 'it@customer.example' } },
  subscription: {
    ref: `s1 of ${ref}`,
    items: [{ product: 'price_desktop', quantity: 25 }],
    state: 'active',
    ...subscription,
  },
  ...more,
});

async function deliver(ref: string, ...facts: unknown[]): Promise<WorkflowHandle> {
  return await env.client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
    workflowId: customerWorkflowId(ref),
    taskQueue: env.taskQueue,
    args: [{ ref }],
    signal: FACTS_SIGNAL,
    signalArgs: [facts],
  });
}

const statusOf = (handle: WorkflowHandle) => handle.query<CustomerStatus>(CUSTOMER_QUERY);

async function statusWith(handle: WorkflowHandle, events: number): Promise<CustomerStatus> {
  await waitUntil(async () => (await statusOf(handle)).events.length >= events);
  return await statusOf(handle);
}

describe('a customer', () => {
  test('is there with the first fact, says what is sold and what would be done, and does nothing', async () => {
    env.calls();
    const status = await statusWith(await deliver('C-1', fact('C-1', 1)), 1);

    expect(status).toMatchObject({
      ref: 'C-1',
      cloud: 'default',
      state: 'observed',
      observed: true,
      subscriptions: [
        {
          source: 'shop',
          ref: 's1 of C-1',
          items: [{ plan: 'desktop', product: 'price_desktop', quantity: 25 }],
          state: 'active',
        },
      ],
      wanted: { exists: true, enabled: true, offeringItems: ['workstations'], quotas: { workstations: { limit: 25 } } },
      wouldDo: { operation: 'provisionCustomer', input: { externalRef: 'C-1', customer: { name: 'Customer, Inc' } } },
      events: [{ source: 'shop', id: 'evt-1', outcome: 'recorded' }],
    });
    expect(env.calls()).toEqual([]);
  });

  test('drops what is repeated, older, about somebody else, or no fact at all', async () => {
    const [first, older] = [fact('C-2', 9), fact('C-2', 3, { items: [{ product: 'price_desktop', quantity: 1 }] })];
    const stranger = fact('C-3', 12);
    const handle = await deliver('C-2', first, first, older, stranger, 'nonsense', null);
    await handle.signal(FACTS_SIGNAL, { no: 'list' });
    await handle.signal(FACTS_SIGNAL);

    const { events, wanted } = await statusWith(handle, 8);

    expect(events.map(({ outcome }) => outcome)).toEqual([
      'recorded',
      'repeated',
      'recorded',
      'ignored',
      'ignored',
      'ignored',
      'ignored',
      'ignored',
    ]);
    expect(events[3]).toMatchObject({ source: 'shop', id: 'evt-12' });
    expect(wanted.quotas).toEqual({ workstations: { limit: 25 } });
    await handle.signal(FACTS_SIGNAL, [fact('C-2', 20, { items: [{ product: 'price_desktop', quantity: 40 }] })]);
    expect((await statusWith(handle, 9)).wanted.quotas).toEqual({ workstations: { limit: 40 } });
  });

  test('wakes up by itself when time alone changes what it should be', async () => {
    const handle = await deliver(
      'C-4',
      fact('C-4', 1),
      fact('C-4', 2, { state: 'past_due', since: new Date().toISOString() }),
    );
    expect(await statusWith(handle, 2)).toMatchObject({ wanted: { exists: true } });
    await waitUntil(async () => !(await statusOf(handle)).wanted.enabled);
    expect(await statusOf(handle)).toMatchObject({ wanted: { exists: true, enabled: false } });
  });

  test('remembers everything when it continues as new, and its history stays small', async () => {
    const handle = await deliver('C-5', fact('C-5', -10, {}, { event: { id: 'evt-1', type: 'x' } }));
    const { runId } = await handle.describe();
    const units = async () => (await statusOf(handle)).subscriptions[0]?.items[0]?.quantity;
    let sent = 0;
    while ((await handle.describe()).runId === runId && sent < 1500) {
      for (const end = sent + 50; sent < end;) {
        sent += 1;
        const event = { id: `many-${sent}`, type: 'x' };
        const items = [{ product: 'price_desktop', quantity: sent }];
        await handle.signal(FACTS_SIGNAL, [fact('C-5', sent / 100, { items }, { event })]);
      }
      await waitUntil(async () => (await units()) === sent);
    }
    expect((await handle.describe()).runId).not.toBe(runId);
    await handle.signal(FACTS_SIGNAL, [fact('C-5', 50, {}, { event: { id: 'evt-1', type: 'x' } })]);
    await waitUntil(async () => (await statusOf(handle)).events.at(-1)?.outcome === 'repeated');

    expect(await statusOf(handle)).toMatchObject({ wanted: { quotas: { workstations: { limit: sent } } } });
    expect((await handle.describe()).historyLength).toBeLessThan(1100);
  });

  test('cannot be cancelled', async () => {
    const handle = await deliver('C-6', fact('C-6', 1));
    await handle.cancel();
    await handle.signal(FACTS_SIGNAL, [fact('C-6', 2)]);
    expect((await statusWith(handle, 2)).events).toHaveLength(2);
    expect((await handle.describe()).status.name).toBe('RUNNING');
  });

  test.each([[undefined], [{}], [{ ref: '' }], ['C-1']])(
    'that is started with %j is refused by name',
    async (start) => {
      const args = start === undefined ? [] : [start];
      const handle = await env.client.workflow.start(CUSTOMER_WORKFLOW, {
        workflowId: randomUUID(),
        taskQueue: env.taskQueue,
        args,
      });
      await expect(handle.result()).rejects.toMatchObject({
        cause: { type: 'InvalidInput', message: expect.stringMatching(/^ref/) },
      });
    },
  );
});

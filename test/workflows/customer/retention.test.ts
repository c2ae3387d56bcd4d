import { pause as sleep } from '../../support/pause.js';
import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, FACTS_SIGNAL, type CustomerStatus } from '../../../contract/customers.js';
import type { Fact } from '../../../contract/facts.js';
import { emptyMemory, learn, type CustomerMemory } from '../../../workflows/customer/memory.js';
import type { SavedProgress } from '../../../workflows/customer/progress.js';
import { endOfRecord } from '../../../workflows/customer/retention.js';
import { aReference, customersIn } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';
import { DAY, fact } from './facts.js';

const env = useVirtualEnvironment({}, { readFacts, brake: 'off' });
const aCustomer = customersIn(env);
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** What a customer knows whose tenant is gone. */
function memoryOf(ref: string, more: Partial<CustomerMemory> = {}): CustomerMemory {
  const left = fact(-300, { state: 'ended', customer: { ref, name: 'Gone, Inc' }, ref: `old of ${ref}` });
  const { enabled, offeringItems, quotas, billingMode } = {
    enabled: false,
    offeringItems: [],
    quotas: {},
    billingMode: 'trial',
  } as const;
  const tenant = {
    tenantId: '11111111-1111-4111-8111-111111111111',
    exists: true,
    enabled,
    offeringItems: [...offeringItems],
    quotas,
    billingMode,
  };
  const progress: SavedProgress = {
    acts: true,
    troubles: [],
    agreed: {},
    setAside: {},
    runs: [],
    children: [],
    intents: [],
    gone: { tenant, isRestorable: false },
  };
  const { ledger } = learn(emptyMemory(), { ...left, asked: true }, 0);
  return { ...emptyMemory(), ledger, progress, ...more };
}

async function aRecord(
  more: Partial<CustomerMemory> = {},
): Promise<{ ref: string; handle: WorkflowHandle; status: () => Promise<CustomerStatus> }> {
  const ref = aReference();
  const handle = await env.client.workflow.start(CUSTOMER_WORKFLOW, {
    workflowId: customerWorkflowId(ref),
    taskQueue: env.taskQueue,
    args: [{ ref }, memoryOf(ref, more)],
  });
  const first = env.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId);
  return { ref, handle: first, status: () => first.query<CustomerStatus>(CUSTOMER_QUERY) };
}

const inTwoSeconds = () => ago(400 * DAY - 2000);
const runState = async (handle: WorkflowHandle) => (await handle.describe()).status.name;

describe('a customer whose tenant is gone', () => {
  test('stays as a record for 400 days and ends; a later event begins a new one', async () => {
    const { ref, handle, status } = await aRecord({ recordSince: inTwoSeconds() });
    expect(await status()).toMatchObject({ state: 'ended' });

    await handle.result();

    expect(await status()).toMatchObject({ state: 'ended' });
    const again = await aCustomer({}, { ref });
    expect(await again.until(({ state }) => state === 'steady')).toMatchObject({
      runs: [{ operation: 'provisionCustomer' }],
    });
  });

  test('stays while an event that it remembers may be repeated', async () => {
    const { ref, handle } = await aRecord({ recordSince: ago(500 * DAY), seen: { 'an event': ago(34 * DAY) } });

    await handle.signal(FACTS_SIGNAL, [endOf(ref, 1)]);
    await waitUntil(async () => (await eventsOf(handle)).length === 1);

    expect(await runState(handle)).toBe('RUNNING');
    await handle.terminate();
  });

  test('stays while a person holds it, and counts again once something was sold meanwhile', async () => {
    const held = await aRecord({ recordSince: inTwoSeconds() });
    await held.handle.executeUpdate('hold', { args: [{ actor: 'ann', reason: 'a law suit' }] });
    const sold = await aRecord({ recordSince: inTwoSeconds() });
    await sold.handle.signal(FACTS_SIGNAL, [{ ...endOf(sold.ref, 1), subscription: paused(sold.ref) }]);
    await waitUntil(async () => (await sold.status()).wanted.exists);
    await sleep(2500);

    expect(await runState(held.handle)).toBe('RUNNING');
    expect(await runState(sold.handle)).toBe('RUNNING');
    await sold.handle.signal(FACTS_SIGNAL, [endOf(sold.ref, 2)]);
    await waitUntil(async () => (await sold.status()).state === 'ended');
    await sleep(500);
    expect(await runState(sold.handle)).toBe('RUNNING');
    await held.handle.terminate();
    await sold.handle.terminate();
  });

  test('loses no event that arrives while it ends', async () => {
    const { ref, handle } = await aRecord({ recordSince: inTwoSeconds() });
    const runs = new Set<string>();
    const sent: string[] = [];
    while ((await runState(handle)) === 'RUNNING') {
      const one = endOf(ref, sent.length);
      const { signaledRunId } = await env.client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
        workflowId: handle.workflowId,
        taskQueue: env.taskQueue,
        args: [{ ref }],
        signal: FACTS_SIGNAL,
        signalArgs: [[one]],
      });
      runs.add(signaledRunId);
      sent.push(one.event.id);
      await sleep((sent.length % 5) * 20);
    }
    const handles = [...runs].map((run) => env.client.workflow.getHandle(handle.workflowId, run));
    const heard = async () => (await Promise.all(handles.map(eventsOf))).flat();
    await waitUntil(async () => (await heard()).includes(sent.at(-1)!));

    expect(await heard()).toEqual(expect.arrayContaining(sent.slice(-40)));
  });
});

const eventsOf = async (handle: WorkflowHandle) =>
  (await handle.query<CustomerStatus>(CUSTOMER_QUERY)).events.map(({ id }) => id);
const paused = (ref: string) => ({
  ref: `old of ${ref}`,
  items: [{ product: 'price_desktop', quantity: 1 }],
  state: 'past_due' as const,
});

/** The source was asked, and says that the customer has ended. */
function endOf(ref: string, nth: number): Fact {
  const subscription = { ref: `old of ${ref}`, items: [], state: 'ended' as const };
  return {
    source: 'shop',
    event: { id: `end-${nth}`, type: 'x' },
    asked: true,
    at: new Date().toISOString(),
    customer: { ref },
    subscription,
  };
}

test('a record ends 400 days after its tenant is gone, or 35 days after its last event, whichever is later', () => {
  const [since, event] = ['2026-01-01T00:00:00.000Z', '2027-06-01T00:00:00.000Z'];
  const at = (memory: Partial<CustomerMemory>) => new Date(endOfRecord({ ...emptyMemory(), ...memory })).toISOString();
  expect(endOfRecord(emptyMemory())).toBe(Infinity);
  expect(at({ recordSince: since })).toBe('2027-02-05T00:00:00.000Z');
  expect(at({ recordSince: since, seen: { one: since, other: event } })).toBe('2027-07-06T00:00:00.000Z');
});

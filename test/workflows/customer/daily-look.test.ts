import { pause as sleep } from '../../support/pause.js';
import { describe, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, type CustomerStatus } from '../../../contract/customers.js';
import { nextTurn } from '../../../workflows/customer/daily-look.js';
import { emptyMemory, learn, type CustomerMemory } from '../../../workflows/customer/memory.js';
import type { SavedProgress } from '../../../workflows/customer/progress.js';
import { consoleClient } from '../../support/console.js';
import { customersIn } from '../../support/customers.js';
import { factOf, readFacts } from '../../support/fact-reader.js';
import { waitUntil } from '../../support/runs.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';
import { DAY } from './facts.js';

const env = useVirtualEnvironment({}, { readFacts, brake: 'off' });
const aCustomer = customersIn(env);
const byHand = () => consoleClient(env.simulator).tenants;
const statusOf = async (handle: WorkflowHandle) => await handle.query<CustomerStatus>(CUSTOMER_QUERY);

interface Steady {
  ref: string;
  tenantId: string;
  /** The customer once more, as if it had continued as new; it looks at its tenant a second later. */
  lookSoon(more?: Partial<SavedProgress>): Promise<WorkflowHandle>;
}

async function aSteadyCustomer(): Promise<Steady> {
  const { ref, handle, until } = await aCustomer();
  const { tenantId = '', applied } = await until(({ state }) => state === 'steady');
  await handle.terminate();
  const [reading] = readFacts([factOf(ref, { source: 'store', customer: { ref, name: `Customer ${ref}` } })]);
  const { ledger } = learn(emptyMemory(), (reading as { mapped: never }).mapped, Date.now());
  const lookSoon: Steady['lookSoon'] = async (more = {}) => {
    const tenant = { ...applied!, name: `Customer ${ref}`, tenantId };
    const nothing = { troubles: [], agreed: {}, setAside: {}, runs: [], children: [], intents: [] };
    const lookAt = new Date(Date.now() + 1000).toISOString();
    const memory: CustomerMemory = {
      ...emptyMemory(),
      ledger,
      lookAt,
      progress: { acts: true, ...nothing, tenant, ...more },
    };
    env.calls();
    return await env.client.workflow.start(CUSTOMER_WORKFLOW, {
      workflowId: customerWorkflowId(ref),
      taskQueue: env.taskQueue,
      args: [{ ref }, memory],
    });
  };
  return { ref, tenantId, lookSoon };
}

async function untilDifferent(handle: WorkflowHandle): Promise<CustomerStatus> {
  await waitUntil(async () => (await statusOf(handle)).different !== undefined);
  await sleep(500);
  return await statusOf(handle);
}

describe('once a day a customer looks at its tenant', () => {
  test('and the status says that a person has disabled it: it stays so', async () => {
    const { tenantId, lookSoon } = await aSteadyCustomer();
    await byHand().update(tenantId, { enabled: false, version: (await byHand().get(tenantId)).version });

    const { state, different, runs } = await untilDifferent(await lookSoon());

    expect(different).toMatchObject([{ field: 'enabled', wanted: true, is: false }]);
    expect({ state, runs }).toEqual({ state: 'steady', runs: [] });
    expect(env.calls().every((call) => call.startsWith('GET ') || call.includes('/idp/token'))).toBe(true);
  });

  test('and the status says that a person has deleted it, and how it comes back', async () => {
    const { tenantId, lookSoon } = await aSteadyCustomer();
    await byHand().update(tenantId, { enabled: false, version: (await byHand().get(tenantId)).version });
    await byHand().remove(tenantId, (await byHand().get(tenantId)).version);

    const handle = await lookSoon();

    const { state, different, applied, runs } = await untilDifferent(handle);
    expect(different).toMatchObject([{ field: 'exists', wanted: true, is: false }]);
    expect({ state, runs, exists: applied?.exists }).toEqual({ state: 'steady', runs: [], exists: false });
    await handle.executeUpdate('converge', { args: [{ actor: 'ann', reason: 'a mistake', fields: ['exists'] }] });
    await waitUntil(async () => (await statusOf(handle)).runs.length === 1);
    expect((await statusOf(handle)).runs).toMatchObject([{ operation: 'restoreCustomer', state: 'completed' }]);
  });

  test('and shows nothing where nothing has changed', async () => {
    const { lookSoon } = await aSteadyCustomer();
    const handle = await lookSoon();
    await waitUntil(async () => env.calls().length > 0);
    await sleep(500);
    expect(await statusOf(handle)).not.toHaveProperty('different');
  });

  test.each([
    ['is only observed', { acts: false }],
    ['is paused', { paused: { actor: 'ann', reason: 'a move', since: new Date().toISOString() } }],
  ])('unless it %s', async (_, more) => {
    const { lookSoon } = await aSteadyCustomer();
    await lookSoon(more);
    await sleep(2500);
    expect(env.calls()).toEqual([]);
  });
});

test('ten thousand customers look evenly over the day, each at its own time, and no sooner than in an hour', () => {
  const now = Date.parse('2026-03-01T13:37:00.000Z');
  const refs = Array.from({ length: 10_000 }, (_, at) => `C-${1000 + at}`);
  const turns = refs.map((ref) => nextTurn(ref, now));
  const hours = Array.from({ length: 26 }, (_, hour) =>
    turns.filter((at) => Math.floor((at - now) / 3_600_000) === hour),
  );
  expect([hours[0]!.length, hours[25]!.length]).toEqual([0, 0]);
  for (const inHour of hours.slice(1, 25)) expect([inHour.length > 300, inHour.length < 600]).toEqual([true, true]);
  for (const [at, ref] of refs.entries()) expect(nextTurn(ref, turns[at]!)).toBe(turns[at]! + DAY);
});

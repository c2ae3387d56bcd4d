import { expect, test } from '@jest/globals';
import { customersIn, type TestCustomer } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { rolloutsIn } from '../../support/rollouts.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';

const env = useTestEnvironment({}, { readFacts, brake: 'off' });
const aCustomer = customersIn(env);
const aRollout = rolloutsIn(env);
const refsOf = (customers: readonly TestCustomer[]) => customers.map(({ ref }) => ref);

/** Customers of the source `shop`, who are only observed. */
async function observed(count: number, customer: object = {}): Promise<TestCustomer[]> {
  const all = await Promise.all(
    Array.from({ length: count }, async () => await aCustomer({}, { source: 'shop', customer })),
  );
  for (const one of all) await one.until(({ events }) => events.length === 1);
  return all;
}

test('a rollout that continues as new knows what became of everybody', async () => {
  const [bad] = await observed(1, { name: undefined });
  const customers = await observed(4);
  const { handle, until, decide, result } = await aRollout([...refsOf(customers), bad!.ref], { canary: 5 });
  const before = await until(({ state, counts }) => state === 'blocked' && counts.done === 4);
  const { runId } = await handle.describe();
  for (let sent = 0; sent < 2000; sent += 50)
    await Promise.all(Array.from({ length: 50 }, async () => await handle.signal('nothing')));

  await bad!.tell({});
  await decide('retry');

  const last = await result();
  expect((await handle.describe()).runId).not.toBe(runId);
  expect(last).toMatchObject({ state: 'completed', counts: { done: 5 }, startedAt: before.startedAt });
  expect(last.decisions).toHaveLength(1);
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { waitUntil } from '../support/runs.js';
import { startTestEnvironment, type TestEnvironment } from '../support/test-environment.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';

const SLOTS = 4;
const STUCK = 3 * SLOTS;

/** A cloud that gives tokens, and no other answer until it is opened. */
class Gate {
  hanging = 0;
  open!: () => void;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const { url, signal } = input instanceof Request ? input : { url: String(input), signal: init?.signal };
    if (url.includes('/idp/token')) return await fetch(input, init);
    this.hanging += 1;
    try {
      await Promise.race([this.opened, aborted(signal)]);
    } finally {
      this.hanging -= 1;
    }
    return await fetch(input, init);
  };
}

async function aborted(signal: AbortSignal | null | undefined): Promise<never> {
  return await new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

const gate = new Gate();
let env: TestEnvironment;
let stuck: Simulator;
beforeAll(async () => {
  stuck = await startSimulator();
  env = await startTestEnvironment(
    {},
    { slots: SLOTS, second: { name: 'stuck', simulator: stuck, fetch: gate.fetch } },
  );
});
afterAll(async () => {
  await env.close();
  await stuck.close();
});

test('many orders of a cloud whose calls hang leave room for another cloud, and all end once it answers', async () => {
  const waiting: WorkflowHandle[] = [];
  for (let nth = 0; nth < STUCK; nth += 1) waiting.push(await env.start(anOrder({ cloud: 'stuck' })));
  await waitUntil(async () => gate.hanging >= SLOTS / 2);

  expect(await env.provision(anOrder())).toMatchObject({ state: 'completed' });
  expect(gate.hanging).toBeGreaterThan(0);

  gate.open();
  const ends = await Promise.all(waiting.map(async (handle) => await statusAtEnd(handle)));
  expect(ends.map(({ state }) => state)).toEqual(waiting.map(() => 'completed'));
  expect(stuck.world.customers()).toHaveLength(STUCK);
});

import { expect, test } from '@jest/globals';
import { createInProcessSimulator } from '../../simulator/index.js';
import type { Timing } from './clock.js';
import { Network } from './network.js';
import { SeededRandom } from './seeded-random.js';

const realTime: Timing = {
  get now() {
    return Date.now();
  },
  schedule: (ms, act) => setTimeout(act, ms),
  cancel: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};

test('a call that is cancelled on its way does not arrive, and its fault hits no other call', async () => {
  const simulator = createInProcessSimulator();
  const network = new Network(simulator, realTime, new SeededRandom(1), {
    faultOf: (n) => (n === 1 ? { refuse: 403 } : undefined),
    onCall: () => false,
  });
  const send = network.fetchFor({ over: false });
  const url = `${simulator.url}/api/2/users/me`;
  const caller = new AbortController();

  const cancelled = send(new Request(url, { signal: caller.signal }));
  caller.abort(new Error('the caller has given up'));

  await expect(cancelled).rejects.toThrow('given up');
  const { status } = await send(new Request(url));
  expect(status).toBe(401);
  expect(network.trace.map(({ n, seq }) => [n, seq])).toEqual([
    [1, undefined],
    [2, 1],
  ]);
  expect(simulator.journal.calls().map(({ fault }) => fault)).toEqual([undefined]);
});

import { afterAll, beforeAll } from '@jest/globals';
import type { Acronis } from '../../acronis/index.js';
import { setUpBench, type Bench } from './attempts.js';
import { consoleOf } from './console.js';

/** One bench for all tests of a file, and what a person does by hand in its cloud. */
export function useBench(): { bench: Bench; byHand: Acronis } {
  const bench = {} as Bench;
  const byHand = {} as Acronis;
  beforeAll(async () => {
    Object.assign(bench, await setUpBench());
    Object.assign(byHand, consoleOf(bench.simulator));
  });
  afterAll(() => bench.simulator.close());
  return { bench, byHand };
}

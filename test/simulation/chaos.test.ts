import { expect, test } from '@jest/globals';
import { runChaos } from './chaos.js';

const PATIENCE_MS = 600_000;

test.each([1, 2, 3])(
  'fifty runs under chaos end as promised (seed %d)',
  async (seed) => {
    const { runs, failure } = await runChaos({ runs: 50, seed }, () => undefined);

    expect(failure).toBeUndefined();
    expect(runs).toBe(50);
  },
  PATIENCE_MS,
);

test(
  'twenty lives of customers under chaos go as promised',
  async () => {
    const { runs, failure } = await runChaos({ runs: 20, seed: 1, customers: true }, () => undefined);

    expect(failure).toBeUndefined();
    expect(runs).toBe(20);
  },
  PATIENCE_MS,
);

import { expect, test } from '@jest/globals';
import { inParts } from '../parts.js';
import type { Tried } from './try-on-engine.js';

const PATIENCE_MS = 1_800_000;
const ENOUGH = 200;

test(
  'two hundred cells of the fault matrix end on a real server, with workers that are killed, as the model says',
  async () => {
    let tried: Tried | undefined;
    // some strike a look that is made more often in virtual time than in real time
    const sample = { kind: 'engine', cells: ENOUGH + 60, seed: 20_261, crews: 8 } as const;

    await inParts([sample], (told) => {
      tried ??= (told as { tried?: Tried }).tried;
    });

    expect(tried?.wrong).toEqual([]);
    expect(tried?.tried).toBeGreaterThanOrEqual(ENOUGH);
  },
  PATIENCE_MS,
);

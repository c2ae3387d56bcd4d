import type { Claim, RunRef } from '../../contract/turn-queue.js';

/** Where all of them want a turn. */
export const PLACE = 'tenant:t';
export const START = 1_700_000_000_000;
export const run = (nth: number): RunRef => ({ workflowId: `run ${nth}`, runId: `id ${nth}` });

/** The claim of a run that was started so many seconds later. */
export function claimOf(nth: number, more: Partial<Claim> = {}): Claim {
  const when = { startedAt: START + nth * 1000, passes: false, quiet: false };
  return { ...run(nth), place: PLACE, ...when, earlier: [], found: [], ...more };
}

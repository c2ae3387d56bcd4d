import type { Plan } from './plan.js';

/** How a run would end or stop, in words. */
export type Verdict = 'would do' | 'would join' | 'would wait for a person' | 'would be refused';

/** What a plan comes to. */
export function verdictOf({ joins, refused, waits }: Plan): Verdict {
  if (refused.length > 0) return 'would be refused';
  if (joins !== undefined) return 'would join';
  return waits.length > 0 ? 'would wait for a person' : 'would do';
}

import type { Leftover } from './status.js';

/** What every activity answers: its result, and what it took to get there. */
export interface StepResult<Result> {
  result: Result;
  /** True when the thing was there already and has been taken over. */
  adopted: boolean;
  /** True when this run made the difference, also when only a look showed that a lost call had worked. */
  changed: boolean;
  /** True when the answer to an earlier try of the call was lost: it may have done the same once more. */
  unsure?: boolean;
  attempts: number;
  apiCalls: number;
  lastError?: string;
}

/** A step that the run itself has made. */
export const NOTHING_CALLED = { result: null, adopted: false, changed: false, attempts: 1, apiCalls: 0 } as const;

/** What an undo answers: whether it took anything back, and what it had to leave. */
export interface UndoOutcome {
  undone: boolean;
  leftovers: Leftover[];
  /** The end of the tag of a tenant whose creation was never answered and of which nothing is seen: it may take effect yet. */
  mayAppear?: string;
}

/** What came of a step that does the same to many: to which of them it has, or may have, done it. */
export interface ManyEffects {
  ids: string[];
  /** True when it may have been done to others too: nobody has heard of a try. */
  incomplete?: boolean;
}

/** How one of many came out of it. */
export interface MemberOutcome {
  outcome: 'updated' | 'unchanged' | 'skipped' | 'refused' | 'failed';
  reason?: string;
  apiCalls: number;
}

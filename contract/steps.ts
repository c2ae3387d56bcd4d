import type { Leftover } from './status.js';

/**
 * When a call of an activity began and ended, as ISO 8601. It begins when Temporal schedules its first attempt; it ends
 * when its last attempt does. Absent in runs of older versions.
 */
export interface StepTimes {
  startedAt?: string;
  endedAt?: string;
}

/** What every activity returns: its result, and how it got it. */
export interface StepResult<Result> extends StepTimes {
  result: Result;
  /** True when the object already existed and was adopted. */
  adopted: boolean;
  /** True when this run made the change, also when a later check showed that a call without answer had worked. */
  changed: boolean;
  /** True when an earlier attempt got no answer: it may have done the same a second time. */
  unsure?: boolean;
  /**
   * The id of the tenant of which the last attempt has read whose it is: name, parent, internal tag, contract number and
   * contact. Absent when it has only used what was known, and in runs of older versions.
   */
  seen?: string;
  attempts: number;
  apiCalls: number;
  lastError?: string;
}

/** The result of a step that the workflow itself does, without an activity. */
export const NO_CALLS_MADE = { result: null, adopted: false, changed: false, attempts: 1, apiCalls: 0 } as const;

/** What an undo returns: whether it undid anything, and what it could not remove. */
export interface UndoOutcome {
  undone: boolean;
  leftovers: Leftover[];
  /** The end of the tag of a tenant whose creation got no answer and that is not visible: it may still appear. */
  mayAppear?: string;
}

/** The result of a step that does the same to many: the ids that it has changed, or may have changed. */
export interface ManyEffects {
  ids: string[];
  /** True when others may have been changed too: an attempt ended without an answer. */
  incomplete?: boolean;
  /** Those of which a look has shown, after the last call that may have changed them, that they were not changed. */
  doubtfulIds?: string[];
}

/** Why nobody knows who has done a step: it was cancelled between two tries, or its run was reset to the start. */
export type MakerUnknown = 'cancelled' | 'reset';

/** The outcome for one of many. */
export interface MemberOutcome {
  outcome: 'updated' | 'unchanged' | 'skipped' | 'refused' | 'failed';
  reason?: string;
  apiCalls: number;
}

import type { CustomerOutcome, RolloutDecision } from '../../contract/rollout.js';

/** What a rollout takes along when it continues as new. Plain JSON. Customers are named by their place in the list. */
export interface RolloutMemory {
  version: 1;
  startedAt: string;
  /** So many customers have begun: the first ones of the list. */
  begun: number;
  /** Those of them that are not yet as wanted. */
  underWay: number[];
  /** Those that begin once more, because a person has said so. */
  again: number[];
  /** In the order of their ends. Customers that have ended otherwise are done. */
  failed: Ended[];
  skipped: Ended[];
  /** So many of the failures do not count any more: a person has seen them. */
  accepted: number;
  /** Why nobody begins before a person decides. */
  blocked?: { why: string; since: string; isNews?: true };
  isStopped?: true;
  /** Newest last. */
  decisions: RolloutDecision[];
}

/** How one customer came out. */
export interface Ended extends CustomerOutcome {
  at: number;
}

export const emptyMemory = (now: number): RolloutMemory => ({
  version: 1,
  startedAt: new Date(now).toISOString(),
  begun: 0,
  underWay: [],
  again: [],
  failed: [],
  skipped: [],
  accepted: 0,
  decisions: [],
});

/** What the run before has left, or nothing: anybody may start a workflow with anything. */
export function memoryFrom(carried: RolloutMemory | null | undefined, now: number): RolloutMemory {
  return carried?.version === 1 ? { ...emptyMemory(now), ...carried } : emptyMemory(now);
}

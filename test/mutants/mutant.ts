import type { Plan } from '../simulation/plan.js';

/** A change of one file of the product or its tests. */
export interface Edit {
  file: string;
  /** A text that is exactly once in the file. */
  find: string;
  replace: string;
}

/** One way to break the product on purpose. */
export interface Bug extends Edit {
  /** What is wrong then, in words. */
  mistake: string;
}

/** A bug that a test must notice. */
export interface Mutant extends Bug {
  /** Test files that must notice, as a jest pattern; and of their tests only those whose title fits. */
  caughtIn: string;
  title?: string;
}

/** Shows that the judge of the simulated runs needs one of its checks: without it a bug escapes that chaos catches with it. */
export interface Proof {
  /** What the check sees to, in words. */
  invariant: string;
  /** The edit that takes this check alone away from the judge. */
  check: Edit;
  bug: Bug;
  chaos: Chaos;
}

/** What is played, with the check and without it: random plans, or one that chance meets too seldom. */
export type Chaos = { seed: number; runs: number } | { plan: Plan };

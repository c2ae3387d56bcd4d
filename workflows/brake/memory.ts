import {
  defaultBrakeLimits,
  type BrakeAnswer,
  type BrakeDecision,
  type BrakeLimits,
  type BrakeQuestion,
} from '../../contract/brake.js';

/** What a brake takes along when it continues as new. Plain JSON; times are milliseconds since 1970. */
export interface BrakeMemory {
  version: 1;
  /** Of the newest question. */
  limits: BrakeLimits;
  customers: number;
  /** When intents were granted without a person: those that are counted, of a day; creations, of an hour. */
  counted: number[];
  creations: number[];
  engaged?: Engagement;
  /** In the order in which they were asked. */
  waiting: Waiting[];
  /** True when a question found no room among those. */
  isFull?: true;
  /** Newest last: those to be sent, and those that are repeated when the question comes again. */
  answers: Answer[];
  /** Newest last. */
  decisions: TakenDecision[];
}

/** Why nothing that is counted is granted now. */
export interface Engagement {
  since: number;
  why: string;
  /** True until people know of it. */
  isNews?: true;
}

export type Waiting = Omit<BrakeQuestion, 'limits' | 'customers'> & { since: number };

export type Answer = Pick<BrakeQuestion, 'customer' | 'question'> &
  Pick<BrakeAnswer, 'answer'> & {
    /** The number of the decision; absent when it was within the limits. */
    decision?: number;
    isUnsent?: true;
  };

export type TakenDecision = BrakeDecision & { nth: number };

export const emptyMemory = (): BrakeMemory => ({
  version: 1,
  limits: defaultBrakeLimits,
  customers: 0,
  counted: [],
  creations: [],
  waiting: [],
  answers: [],
  decisions: [],
});

/** What the run before has left, or nothing: anybody may start a workflow with anything. */
export function memoryFrom(carried: BrakeMemory | null | undefined): BrakeMemory {
  return carried?.version === 1 ? { ...emptyMemory(), ...carried } : emptyMemory();
}

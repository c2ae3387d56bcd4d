import type { Fault, Untidy } from '../../simulator/index.js';
import type { Choice } from '../../contract/decisions.js';
import type { StrangerAction } from './strangers.js';

/** A moment around the nth call: before it is sent, while it runs, or after its answer. */
export interface CallMoment {
  call: number;
  when: 'before' | 'during' | 'after';
}

/** The decision deadline of an input, and what happens then. */
export interface Deadline {
  decisionDeadline: string;
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  then: 'undo' | 'keep';
}

export const deadlines: readonly Deadline[] = (['undo', 'keep'] as const).map((end) => {
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  return { decisionDeadline: '3 days', then: end };
});

/** Everything that happens to one run. The same plan always gives the same simulation. */
export interface Plan {
  operation: string;
  /** Which of the operation's inputs. */
  variant: string;
  /** `onFailure` of the input. */
  onFailure: 'ask' | 'undo' | 'keep';
  deadline?: Deadline;
  /** The seed of all delays: how long calls take, and in which order. */
  seed: number;
  faults: { call: number; fault: Fault }[];
  /** The worker dies; another one starts a little later. */
  kills: CallMoment[];
  /** The worker stops once it has the answer and has told Temporal; the next one starts so many milliseconds later. */
  standstills?: { call: number; ms: number }[];
  /** The Temporal service is unreachable for this many milliseconds. */
  absences: { call: number; ms: number }[];
  /** From this call on the vendor is unreachable for this many milliseconds. */
  outages: { call: number; ms: number }[];
  cancel?: CallMoment;
  /** The decisions, one for each time that the run is blocked; after them one retry, then abort. */
  decisions: (Choice | 'wait')[];
  /** How untidy the cloud is. */
  untidy?: Untidy;
  /** How many storages and sites of each kind there are. Default: one. */
  sites?: number;
  /** The run for the same key that has ended before, by its name in the model. */
  earlier?: string;
  /** From this call on the time of day of the workers is ahead by so many milliseconds, or behind. */
  clockSteps?: { call: number; ms: number }[];
  /** What other people do during the run. */
  strangers?: StrangerAction[];
}

/** A plan in which nothing disturbs the run. */
export function cleanPlan(operation: string, variant: string, more: Partial<Plan> = {}): Plan {
  const nothing = { faults: [], kills: [], absences: [], outages: [], decisions: [] };
  return { operation, variant, onFailure: 'undo', seed: 1, ...nothing, ...more };
}

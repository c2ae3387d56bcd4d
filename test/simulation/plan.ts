import type { Fault, Untidy } from '../../simulator/index.js';
import type { Choice } from '../../contract/decisions.js';
import type { StrangerAction } from './strangers.js';

/** Around the nth call that the vendor is asked for: before it is sent, while it is under way, after its answer has come. */
export interface CallMoment {
  call: number;
  when: 'before' | 'during' | 'after';
}

/** Until when somebody must decide, and what comes of it when nobody does. */
export interface Deadline {
  decisionDeadline: string;
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  then: 'undo' | 'keep';
}

export const deadlines: readonly Deadline[] = (['undo', 'keep'] as const).map((end) => {
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  return { decisionDeadline: '3 days', then: end };
});

/** All that is to happen to one run. The same plan always plays the same. */
export interface Plan {
  operation: string;
  /** Which of the operation's inputs; its example unless given. */
  variant: string;
  /** What the order says about failures. */
  onFailure: 'ask' | 'undo' | 'keep';
  deadline?: Deadline;
  /** Of all delays: how long calls take, and who is served first. */
  seed: number;
  faults: { call: number; fault: Fault }[];
  /** The worker dies; another comes a little later. */
  kills: CallMoment[];
  /** The Temporal service cannot be reached for so many milliseconds. */
  absences: { call: number; ms: number }[];
  /** From this call on the vendor cannot be reached for so many milliseconds. */
  outages: { call: number; ms: number }[];
  cancel?: CallMoment;
  /** What people decide, one after another, each time the run is blocked; then they retry once and give up. */
  decisions: (Choice | 'wait')[];
  /** The cloud is not as tidy as its guide. */
  untidy?: Untidy;
  /** What somebody else does meanwhile. */
  strangers?: StrangerAction[];
}

/** Nothing befalls it. */
export function cleanPlan(operation: string, variant: string, more: Partial<Plan> = {}): Plan {
  const nothing = { faults: [], kills: [], absences: [], outages: [], decisions: [] };
  return { operation, variant, onFailure: 'undo', seed: 1, ...nothing, ...more };
}

import type { Choice, Decision } from './decisions.js';
import type { Protection } from './protection.js';

/** State of one step, as people and programs read it. */
export type StepState = 'pending' | 'running' | 'done' | 'adopted' | 'skipped' | 'failed' | 'undone';

/** One symbol for each state of a step, for lists that people read. */
export const stepSigns: Readonly<Record<StepState, string>> = {
  pending: '·',
  running: '▶',
  done: '✔',
  adopted: '✔',
  skipped: '–',
  failed: '✘',
  undone: '↩',
};

/**
 * One step of a run. Times are ISO 8601: when the step was first scheduled, and when its last attempt ended. `attempts`
 * counts attempts that have ended or are known to run. A step that a cancellation stopped is `skipped`, unless it is
 * undone.
 */
export interface StepStatus {
  name: string;
  state: StepState;
  attempts: number;
  startedAt?: string;
  endedAt?: string;
  lastError?: string;
}

/** Something that an undo could not remove, so a person must. For `setting` and `report`, `id` is the tenant's id. */
export interface Leftover {
  kind: 'tenant' | 'user' | 'setting' | 'api-client' | 'agent-token' | 'plan' | 'group' | 'report';
  id: string;
  reason: string;
  /** The management console in which a person finds it. */
  link?: string;
}

/** Why a run is blocked: at which step, since when, and which decisions are possible. */
export interface Blocked {
  step: string;
  type: string;
  message: string;
  since: string;
  until?: string;
  choices: Choice[];
  /** No decision is needed: the run continues by itself when its cloud is back. */
  waitsForCloud?: true;
}

/** A blocked run that others wait for: which one it is, at which step, and why. */
export interface BlockedAhead extends Pick<Blocked, 'step' | 'type' | 'message'> {
  id: string;
}

/**
 * The run that a run waits for. If that one is blocked, or waits for a blocked one: also what must be decided first.
 */
export interface WaitingFor {
  waitsFor: string;
  waitsForBlocked?: BlockedAhead;
}

/** Why a run did not complete. */
export interface Reason {
  type: string;
  message: string;
  step?: string;
}

/** A tenant that an offboarding has disabled and will delete, or has deleted. Times are ISO 8601. */
export interface GraceStatus {
  /** When the run disabled it, or found it disabled. */
  disabledAt: string;
  /** When the grace ends; absent while somebody holds it. */
  until?: string;
  /** Since when it is held. */
  heldSince?: string;
  deletedAt?: string;
  /** What happens next, in words; absent when the run has ended. */
  next?: string;
  /** What `restoreCustomer` can be expected to restore after the deletion. */
  restoring: { window: string; mayBringBack: readonly string[]; doesNotBringBack: readonly string[] };
}

/** Signals of one name that were dropped, because nobody could read their content: it was damaged. */
export interface DroppedSignals {
  signal: string;
  times: number;
  lastAt: string;
}

/** The fields of a status in every state. */
export interface CommonStatus {
  operation: string;
  id: string;
  steps: StepStatus[];
  startedAt: string;
  updatedAt: string;
  tenantId?: string;
  userId?: string;
  externalRef?: string;
  /** Only for an offboarding. */
  grace?: GraceStatus;
  /** Only for a run that protects a customer. */
  protection?: Protection;
  /** The decisions for this run, in order; absent while there are none. */
  decisions?: Decision[];
  /** Absent while there are none. */
  dropped?: DroppedSignals[];
}

/**
 * The state of a run, or how it ended. It answers the query `status`, and is the result or failure detail of a closed
 * run. `waitsFor` names the run that has the turn at the same tenant; `waitsForBlocked` the blocked run that stops the
 * others.
 */
export type OperationStatus = CommonStatus &
  (
    | ({ state: 'running' } & Partial<WaitingFor>)
    | { state: 'blocked'; blocked: Blocked }
    | { state: 'undoing'; reason: Reason }
    | { state: 'completed'; changed: boolean; adopted: string[]; apiCalls: number; leftovers?: Leftover[] }
    | { state: 'undone'; reason: Reason; leftovers?: Leftover[] }
    | { state: 'failed'; reason: Reason; leftovers?: Leftover[] }
    | { state: 'cancelled'; reason: Reason; leftovers?: Leftover[] }
  );

/** The common part of the result of a completed run; each operation adds its own fields. */
export type Completed = Extract<OperationStatus, { state: 'completed' }>;

export type OperationState = OperationStatus['state'];

export const operationStates = [
  'running',
  'blocked',
  'undoing',
  'completed',
  'undone',
  'failed',
  'cancelled',
] as const satisfies readonly OperationState[];

/** True when a run in this state has ended, or is about to close. */
export function hasEnded({ state }: { state: OperationState }): boolean {
  return !['running', 'blocked', 'undoing'].includes(state);
}

/** Name of the query that every operation answers, during the run and after it. */
export const STATUS_QUERY = 'status';

/**
 * Memo field with the run that this run waits for, as a `WaitingFor`, for lists of runs; null while it does not wait.
 */
export const WAITING_MEMO = 'tenantryWaitsFor';

/**
 * Memo field that keeps the final status of a cancelled run, since a cancelled run has neither result nor failure
 * detail.
 */
export const FINAL_STATUS_MEMO = 'tenantryFinalStatus';

/**
 * Memo field that is true while a run has given back its turn and wants none: it stops nobody. False while such a run claims
 * a turn again, or has one; absent in a run that has never given back a turn.
 */
export const NO_TURN_MEMO = 'tenantryWantsNoTurn';

import type { Choice, Decision } from './decisions.js';

/** State of one step, as people and programs read it. */
export type StepState = 'pending' | 'running' | 'done' | 'adopted' | 'skipped' | 'failed' | 'undone';

/** One sign for each state of a step, for lists that people read. */
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
 * One step of a run. Times are ISO 8601 and the run's own: when it gave the step out first, and when it heard of its end. `attempts`
 * counts tries that have ended or are known to run.
 */
export interface StepStatus {
  name: string;
  state: StepState;
  attempts: number;
  startedAt?: string;
  endedAt?: string;
  lastError?: string;
}

/** Something that an undo could not take back: a person must. `setting` and `report` are of a tenant, whose id they bear. */
export interface Leftover {
  kind: 'tenant' | 'user' | 'setting' | 'api-client' | 'agent-token' | 'plan' | 'group' | 'report';
  id: string;
  reason: string;
  /** The management console in which a person finds it. */
  link?: string;
}

/** A run that waits for a person, or for its cloud: which step, why, since when, and what can be done. */
export interface Blocked {
  step: string;
  type: string;
  message: string;
  since: string;
  until?: string;
  choices: Choice[];
  /** Nobody has to decide: the run goes on by itself when its cloud is back. */
  waitsForCloud?: true;
}

/** A blocked run that others wait for: which one it is, at which step, and why. */
export interface BlockedAhead extends Pick<Blocked, 'step' | 'type' | 'message'> {
  id: string;
}

/** For whom a run waits; if that one is blocked, or waits for one that is, also what must be decided first. */
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
  /** When it was disabled, or found disabled. */
  disabledAt: string;
  /** When the grace ends; absent while it is held. */
  until?: string;
  /** Since when somebody holds it. */
  heldSince?: string;
  deletedAt?: string;
  /** What happens next, in words; absent when the run does not go on. */
  next?: string;
  /** What `restoreCustomer` can be expected to do once the tenant is deleted. */
  restoring: { window: string; mayBringBack: readonly string[]; doesNotBringBack: readonly string[] };
}

/** What is said of a run in every state. */
export interface AnyStatus {
  operation: string;
  id: string;
  steps: StepStatus[];
  startedAt: string;
  updatedAt: string;
  tenantId?: string;
  userId?: string;
  externalRef?: string;
  /** Of an offboarding. */
  grace?: GraceStatus;
  /** What people decided for this run, in order; absent while nobody has. */
  decisions?: Decision[];
}

/**
 * What is going on in a run, or how it ended. Answered by the query `status`, and the result or failure detail of a closed run.
 * `waitsFor` names the run that has the turn at the same tenant, `waitsForBlocked` the blocked one that holds all up.
 */
export type OperationStatus = AnyStatus &
  (
    | ({ state: 'running' } & Partial<WaitingFor>)
    | { state: 'blocked'; blocked: Blocked }
    | { state: 'undoing'; reason: Reason }
    | { state: 'completed'; changed: boolean; adopted: string[]; apiCalls: number; leftovers?: Leftover[] }
    | { state: 'undone'; reason: Reason }
    | { state: 'failed'; reason: Reason; leftovers?: Leftover[] }
    | { state: 'cancelled'; reason: Reason; leftovers?: Leftover[] }
  );

/** How a completed run answers, before what its operation adds. */
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

/** Name of the query that every operation answers, during the run and after it. */
export const STATUS_QUERY = 'status';

/** Memo field that says for whom a run waits, as a `WaitingFor`, so that a list can show it; null while it does not. */
export const WAITING_MEMO = 'tenantryWaitsFor';

/** Memo field that keeps the final status of a cancelled run, since a cancelled run has neither result nor failure detail. */
export const FINAL_STATUS_MEMO = 'tenantryFinalStatus';

import type { CustomerState } from './customers.js';
import type { DecisionRequest } from './decisions.js';
import { workflowId } from './ids.js';
import { storedRowsProblem, type StoredRows } from './imported-rows.js';
import { planVersionsProblem, type PlanVersion } from './plan-changes.js';

/** The type of the workflow that does one thing for many customers, a few at a time. */
export const ROLLOUT_WORKFLOW = 'rollout';
/** The query for its status, a `RolloutStatus`. */
export const ROLLOUT_QUERY = 'rollout';

/**
 * What a rollout can do for each of its customers. `act` ends the observation; `applyPlans` gives its subscriptions other
 * terms of their plans; `import` tells it what a row of a file says, and acts for it.
 */
export const rolloutActions = ['act', 'applyPlans', 'import'] as const;
export type RolloutAction = (typeof rolloutActions)[number];

/** The workflow id of a rollout: `rollout:[<cloud>:]<action>`. So one of each kind is open in a cloud at a time. */
export function rolloutId(action: RolloutAction, cloud?: string): string {
  return workflowId(ROLLOUT_WORKFLOW, cloud, action);
}

/** What the workflow is started with, by whom, and why. */
export interface RolloutStart extends DecisionRequest {
  action: RolloutAction;
  cloud?: string;
  /** Of `applyPlans`: the versions that count from now on. */
  plans?: readonly PlanVersion[];
  /** Of `import`: where the rows of its customers are kept. */
  rows?: StoredRows;
  /** The customers by reference, in the order in which they begin. */
  refs: readonly string[];
  /** So many customers must be as wanted before the others begin; 0 for none. */
  canary: number;
  /** How many customers are under way at a time. */
  atOnce: number;
  /** More failures than this, the larger of a number and a share of all customers, stop the rollout. */
  maxFailures: FailureLimit;
}

export interface FailureLimit {
  number: number;
  share: number;
}

export const defaultRollout = { canary: 5, atOnce: 20, maxFailures: { number: 3, share: 0.01 } } as const;

export const MOST_AT_ONCE = 100;
export const MOST_CUSTOMERS = 10_000;
/** Characters of all references as JSON: what Temporal carries over to the next run is limited. */
const MOST_CHARACTERS = 500_000;

/** Why a rollout cannot be started with this, as `field: reason`; undefined when it can. Anybody may start a workflow. */
export function rolloutProblem(start: Partial<Record<keyof RolloutStart, unknown>> | null | undefined) {
  const { action, plans, rows, refs, canary, atOnce, maxFailures, actor, reason } = start ?? {};
  const { number, share } = (maxFailures ?? {}) as Partial<Record<keyof FailureLimit, unknown>>;
  if (!rolloutActions.some((one) => one === action)) return `action: must be one of ${rolloutActions.join(', ')}`;
  if (!isText(actor)) return 'actor: is missing: say who decides';
  if (!isText(reason)) return 'reason: is missing: say why';
  if (!isWhole(canary, 0, MOST_CUSTOMERS)) return `canary: must be a whole number from 0 to ${MOST_CUSTOMERS}`;
  if (!isWhole(atOnce, 1, MOST_AT_ONCE)) return `atOnce: must be a whole number from 1 to ${MOST_AT_ONCE}`;
  if (!isWhole(number, 0, MOST_CUSTOMERS))
    return `maxFailures.number: must be a whole number from 0 to ${MOST_CUSTOMERS}`;
  if (typeof share !== 'number' || !(share >= 0 && share <= 1)) return 'maxFailures.share: must be from 0 to 1';
  if (action === 'applyPlans') return planVersionsProblem(plans) ?? problemOfRefs(refs);
  return (action === 'import' ? storedRowsProblem(rows) : undefined) ?? problemOfRefs(refs);
}

function problemOfRefs(refs: unknown): string | undefined {
  if (!Array.isArray(refs) || refs.length === 0 || !refs.every(isText)) return 'refs: must name the customers';
  if (refs.length > MOST_CUSTOMERS) return `refs: are more than ${MOST_CUSTOMERS} customers`;
  if (new Set(refs).size < refs.length) return 'refs: name a customer twice';
  if (JSON.stringify(refs).length > MOST_CHARACTERS) return 'refs: are too long together: name fewer customers';
  return undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** How a customer came out: `failed` needs a person, `skipped` cannot be acted for just now. */
export interface CustomerOutcome {
  outcome: 'done' | 'failed' | 'skipped';
  /** The state of the customer then; absent when it has refused. */
  state?: CustomerState;
  why?: string;
}

/** The Updates of a rollout. */
export const rolloutChoices = ['resume', 'retry', 'stop'] as const;
export type RolloutChoice = (typeof rolloutChoices)[number];

/** A decision that was taken. */
export interface RolloutDecision extends DecisionRequest {
  choice: RolloutChoice;
  /** True only if a worker has checked a proof of the actor. */
  verified: boolean;
  /** ISO 8601. */
  at: string;
}

/**
 * `blocked`: nobody begins before a person decides. `completed`: every customer has had its turn. `stopped`: a person has
 * ended it.
 */
export type RolloutState = 'running' | 'blocked' | 'completed' | 'stopped';

/** One customer of a rollout. `waiting` has not begun; `underWay` is not yet as wanted. */
export interface RolloutCustomer extends Omit<CustomerOutcome, 'outcome'> {
  ref: string;
  outcome: CustomerOutcome['outcome'] | 'waiting' | 'underWay';
}

/** The answer of the query, and the result of the workflow. Times are ISO 8601. */
export interface RolloutStatus extends DecisionRequest {
  id: string;
  action: RolloutAction;
  cloud: string;
  /** Of `import`: what is imported. */
  rows?: Pick<StoredRows, 'source' | 'sha256'>;
  state: RolloutState;
  startedAt: string;
  /** How many of the first customers must be as wanted before the others begin. */
  canary: number;
  atOnce: number;
  /** How many failures stop it, once exceeded. */
  maxFailures: number;
  counts: Record<RolloutCustomer['outcome'], number>;
  blocked?: { why: string; since: string };
  customers: RolloutCustomer[];
  /** The newest 50, newest last. */
  decisions: RolloutDecision[];
}

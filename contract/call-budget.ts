import { DEFAULT_CLOUD } from './ids.js';

/** The type of the workflow that divides the calls of a cloud among the workers. There is one for each cloud that has a budget. */
export const CALL_BUDGET = 'callBudget';

/** The workflow id of the budget of a cloud. */
export function callBudgetId(cloud: string = DEFAULT_CLOUD): string {
  return `budget:${cloud}`;
}

/** What the workflow is started with. */
export interface CallBudgetStart {
  cloud: string;
}

/** How the budget of a cloud is started by the first worker that needs it. */
export function startOfCallBudget(cloud: string, taskQueue: string) {
  return {
    workflowId: callBudgetId(cloud),
    taskQueue,
    args: [{ cloud }] satisfies [CallBudgetStart],
    workflowTaskTimeout: '5 seconds' as const,
    staticSummary: 'Divides the calls of a cloud among the workers',
  };
}

/** How long a lease lasts. Milliseconds. */
export const LEASE_MS = 10_000;

/** The smallest and the largest budget, calls per second. */
export const LEAST_BUDGET = 0.1;
export const MOST_BUDGET = 10_000;

/** Signal to a budget: a worker asks for a lease. Safe to repeat: the newest of a worker counts. */
export const ASK_LEASE_SIGNAL = 'askLease';

export interface LeaseAsk {
  /** Names the process that asks. */
  worker: string;
  /** The budget of the cloud in the settings of this worker. If workers differ, the smallest counts. */
  callsPerSecond: number;
  /** The calls per second that it could use. Nothing of both gives the lease back. */
  urgent: number;
  bulk: number;
  /** Counts the asks of this worker. */
  nth: number;
  /** The ask whose lease the worker uses since: it no longer uses an earlier one. 0 before the first lease. */
  uses: number;
}

/** Query of a budget: the lease of a worker. Null when it has none. */
export const LEASE_QUERY = 'lease';

/** It lasts for `LEASE_MS` from the time at which the worker sent the ask. */
export interface GrantedLease {
  /** The ask that it answers. */
  nth: number;
  callsPerSecond: number;
  /** What the worker gets once others have given back what they hold: more than it has now, or the same. */
  share: number;
}

/** Query of a budget for people. */
export const CALL_BUDGET_QUERY = 'budget';

export interface CallBudgetStatus {
  cloud: string;
  /** Undefined before a worker has asked. */
  callsPerSecond?: number;
  workers: WorkerShare[];
}

export interface WorkerShare {
  worker: string;
  /** The calls per second that it may make. */
  callsPerSecond: number;
  /** What it could use. */
  urgent: number;
  bulk: number;
  /** When the lease lapses, ISO 8601. */
  until: string;
}

/**
 * The priority of runs in Temporal that no person waits for. Their children and activities have it too. Any larger
 * number is bulk as well; Temporal's own default is 3.
 */
export const BULK_PRIORITY = 4;

import type { BlockedAhead } from './status.js';

/**
 * The Temporal workflow type of a queue. `turnQueue:<cloud>:<0 to 15>` orders the runs at one sixteenth of the places
 * of a cloud. The id also names the task queue unless it is the default: workers of one task queue do not serve
 * another.
 */
export const TURN_QUEUE = 'turnQueue';

const DEFAULT_TASK_QUEUE = 'tenantry';

/** How many queues a cloud has: few, so Temporal's list of workflows stays readable. */
export const QUEUES_PER_CLOUD = 16;

export function turnQueueId(cloud: string, nth: number, taskQueue: string): string {
  const id = `${TURN_QUEUE}:${cloud}:${nth}`;
  return taskQueue === DEFAULT_TASK_QUEUE ? id : `${id}:${taskQueue}`;
}

/** What one run at a time may work on: a tenant, or before it exists, the business key that it is created for. */
export type TurnPlace = `tenant:${string}` | `key:${string}:${string}`;

export function placeOfTenant(tenantId: string): TurnPlace {
  return `tenant:${tenantId}`;
}

export function placeOfKey({ environment, key }: { environment: string; key: string }): TurnPlace {
  return `key:${environment}:${key}`;
}

/** One run of any workflow type. */
export interface RunRef {
  workflowId: string;
  /** The first run id: a reset gives the run another one. */
  runId: string;
}

/** Signal to a queue: a run requests the turn at a place. Safe to repeat. */
export const CLAIM_TURN = 'claimTurn';

export interface Claim extends RunRef {
  place: TurnPlace;
  /** When its operation was started, in milliseconds since 1970: the earliest goes first. */
  startedAt: number;
  /** True for a remedy: it may pass a blocked run when it is next. */
  passes: boolean;
  /** The run polls for its turn with a query, so it gets no signal. */
  quiet: boolean;
  /** Open runs that were started earlier and may want the same turn. */
  earlier: readonly RunRef[];
  /**
   * Open runs that work there without a turn of this queue: the run that created the tenant, and runs of older
   * versions.
   */
  found: readonly RunRef[];
  /** A hash of the business key, 12 hexadecimal digits; only for the place of a key. */
  keyHash?: string;
  /** True for a run that has given back its turns: it works there only with another one. Absent in claims of older workers. */
  gaveBack?: boolean;
}

/** Signal to a queue: a run gives back its turn, or withdraws its request. Safe to repeat. */
export const RELEASE_TURN = 'releaseTurn';

export interface Release extends RunRef {
  place: TurnPlace;
}

/** Signal to a queue: a blocked run lets another run work at its place. */
export const TURN_LENT = 'turnLent';

export interface LentTurn extends Release {
  to: RunRef;
}

/** Signal to a blocked run: may another run work at its place? A run that is not blocked answers once it is. */
export const LEND_TURN = 'lendTurn';

export interface LendRequest extends LentTurn {
  /** Workflow id of the queue that asks. */
  queue: string;
}

/** How a turn was granted. */
export interface TurnGrant {
  /** True when others may have worked there since the run was started: what it looked up before may be outdated. */
  waited: boolean;
  /** True when a run for this business key had its turn before, or when that is unknown. */
  known: boolean;
}

/** Signal to a run: it has its turn, or which run it waits for. */
export const TURN_NEWS = 'turnNews';

export type TurnNews = Release & {
  /** Workflow id of the queue; absent in news of older versions. */
  queue?: string;
} & ({ granted: TurnGrant } | { waitsFor: string; blocked?: BlockedAhead });

/** Query of a queue: the turn that a run has at a place, or null. */
export const TURN_QUERY = 'turn';

/** Query of a queue for people and programs: which runs work and wait, at one place or at all places. */
export const TURNS_QUERY = 'turns';

export interface TurnsAt {
  place: TurnPlace;
  atWork: RunRef[];
  /** In the order in which they will have their turns. */
  waiting: RunRef[];
}

/** The state of a run that others wait for. `wantsNoTurn`: it is open, but has given back its turn. */
export type WatchedState =
  | { state: 'open' }
  | { state: 'blocked'; blocked: BlockedAhead }
  | { state: 'gone'; closedAt?: number; wantsNoTurn?: true };

/** A run that the queue watches until it differs from its last known state. */
export interface WatchedRun {
  place: TurnPlace;
  run: RunRef;
  /** It has the turn, or it was started earlier and has not claimed its turn yet. */
  as: 'at work' | 'earlier';
  seen?: string | undefined;
  /** True when the run gives back this turn by a signal of its own. */
  releases?: true;
}

/** The Temporal workflow type of a turn: a child of the run that has the turn. It ends when that run closes. */
export const TENANT_TURN = 'tenantTurn';

/** The workflow id of a turn. Temporal runs a workflow id once at a time, so a tenant has one turn at a time. */
export function turnId(cloud: string, tenantId: string): string {
  return `${TENANT_TURN}:${cloud}:${tenantId}`;
}

/** A turn that another run has: the run id of the turn, and the workflow id of the run that holds it. */
export interface TakenTurn {
  runId: string;
  holder: string;
}

import type { BlockedAhead } from './status.js';

/**
 * The Temporal workflow type of a queue; `turnQueue:<cloud>:<0 to 15>` keeps the order of the runs at a sixteenth of the places of a cloud. The task
 * queue is in the id too unless it is the default one: the workers of another one never see what begins there.
 */
export const TURN_QUEUE = 'turnQueue';

const DEFAULT_TASK_QUEUE = 'tenantry';

/** How many queues a cloud has: few enough to stay out of the way in Temporal's list. */
export const QUEUES = 16;

export function turnQueueId(cloud: string, nth: number, taskQueue: string): string {
  const id = `${TURN_QUEUE}:${cloud}:${nth}`;
  return taskQueue === DEFAULT_TASK_QUEUE ? id : `${id}:${taskQueue}`;
}

/** Where one run works at a time: a tenant, or, before there is one, the business key for which it will be made. */
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
  /** Its first: a reset gives it another. */
  runId: string;
}

/** Signal to a queue: a run wants the turn at a place. Safe to repeat. */
export const CLAIM_TURN = 'claimTurn';

export interface Claim extends RunRef {
  place: TurnPlace;
  /** When its operation was started, in milliseconds since 1970: the earliest goes first. */
  startedAt: number;
  /** A remedy: it may pass a blocked run when it is next in turn. */
  passes: boolean;
  /** The run asks by a query for its turn, so it gets no signal. */
  quiet: boolean;
  /** Open runs that were started earlier and may want the same turn. */
  earlier: readonly RunRef[];
  /** Open runs that are at work there without a turn of this queue: the maker of the tenant, and runs of older versions. */
  found: readonly RunRef[];
  /** 12 hexadecimal digits that stand for the business key; only for the place of a key. */
  keyHash?: string;
}

/** Signal to a queue: a run needs its turn no more, or wants it no more. Safe to repeat. */
export const RELEASE_TURN = 'releaseTurn';

export interface Release extends RunRef {
  place: TurnPlace;
}

/** Signal to a queue: a blocked run lets another one work at its place. */
export const TURN_LENT = 'turnLent';

export interface Lent extends Release {
  to: RunRef;
}

/** Signal to a blocked run: may another run work at its place? A run that is not blocked answers once it is. */
export const LEND_TURN = 'lendTurn';

export interface LendRequest extends Lent {
  /** Workflow id of the queue that asks. */
  queue: string;
}

/** How a turn was granted. */
export interface Grant {
  /** True when others may have been at work there since the run was started: what it saw before may not be so any more. */
  waited: boolean;
  /** True when a run for this business key has had its turn before, or when nobody can know. */
  known: boolean;
}

/** Signal to a run: it has its turn, or for whom it waits. */
export const TURN_NEWS = 'turnNews';

export type TurnNews = Release & ({ granted: Grant } | { waitsFor: string; blocked?: BlockedAhead });

/** Query of a queue: the turn that a run has at a place, or null. */
export const TURN_QUERY = 'turn';

/** Query of a queue for people and programs: who works and who waits, at one place or at all. */
export const TURNS_QUERY = 'turns';

export interface TurnsAt {
  place: TurnPlace;
  atWork: RunRef[];
  /** In the order in which they will have their turns. */
  waiting: RunRef[];
}

/** What is known of a run that others wait for. */
export type Sight =
  | { state: 'open' }
  | { state: 'blocked'; blocked: BlockedAhead }
  | { state: 'gone'; closedAt?: number };

/** A run of which the queue wants to hear once it is not any more as it was last seen. */
export interface Watched {
  place: TurnPlace;
  run: RunRef;
  /** One that is at work, or one that was started earlier and has not claimed its turn yet. */
  as: 'at work' | 'earlier';
  seen?: string | undefined;
}

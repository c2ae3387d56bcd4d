import type { BlockedAhead } from '../../contract/status.js';
import type { Claim, TurnGrant, RunRef, TurnPlace } from '../../contract/turn-queue.js';

/** The state of a queue, as plain JSON: one run of the queue passes it to the next. */
export interface QueueState {
  version: 1;
  lines: Partial<Record<TurnPlace, RunsAtPlace>>;
  /** When the last run left a place, in milliseconds since 1970. */
  left: Partial<Record<TurnPlace, number>>;
  keys: KnownKeysState;
}

/** The runs at one place. */
export interface RunsAtPlace {
  /** The run with the turn, the runs that it let pass, and runs that work there without a turn. */
  atWork: WorkingRun[];
  waiting: Waiting[];
}

export interface WorkingRun extends RunRef {
  /** Absent for a run without a turn of this queue. */
  grant?: TurnGrant;
  /** True for a run that has given back a turn before this one. */
  gaveBack?: boolean;
  /** Absent until the state is known. */
  seen?: 'open' | 'blocked';
  blocked?: BlockedAhead;
  /** Run ids: of the run that it was last asked to let pass, and of the run that it let pass. */
  askedFor?: string;
  lentTo?: string;
}

export type Waiting = Pick<Claim, 'workflowId' | 'runId' | 'startedAt' | 'passes' | 'quiet' | 'gaveBack'> & {
  earlier: RunRef[];
  known: boolean;
  /** The last news that it got. */
  told?: string;
};

export function emptyQueue(): QueueState {
  return { version: 1, lines: {}, left: {}, keys: { all: '', forgotten: false } };
}

/** Hashes of the business keys that were ever claimed: 12 hexadecimal digits each, oldest first. */
export interface KnownKeysState {
  all: string;
  /** True once old keys were dropped. */
  forgotten: boolean;
}

const DIGITS = 12;
/** For one queue: they take 1.2 MB; Temporal's limit for a payload is 2 MB. */
const MAX_KEYS = 100_000;

/** Remembers which business keys were ever claimed. */
export class KnownKeys {
  private readonly hashes: Set<string>;
  private forgotten: boolean;

  constructor({ all, forgotten }: KnownKeysState) {
    this.hashes = new Set(all.match(/.{12}/g) ?? []);
    this.forgotten = forgotten;
  }

  /** Adds a key; true when it was known before, or may have been dropped. */
  add(hash: string): boolean {
    if (hash.length !== DIGITS) return true;
    if (this.hashes.has(hash)) return true;
    this.hashes.add(hash);
    if (this.hashes.size > MAX_KEYS) {
      const [oldest] = this.hashes;
      this.hashes.delete(oldest!);
      this.forgotten = true;
    }
    return this.forgotten;
  }

  get snapshot(): KnownKeysState {
    return { all: [...this.hashes].join(''), forgotten: this.forgotten };
  }
}

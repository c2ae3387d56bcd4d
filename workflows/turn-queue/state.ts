import type { BlockedAhead } from '../../contract/status.js';
import type { Claim, Grant, RunRef, TurnPlace } from '../../contract/turn-queue.js';

/** What a queue keeps, as plain JSON, so that it is carried from one run of the queue to the next. */
export interface QueueState {
  version: 1;
  lines: Partial<Record<TurnPlace, Line>>;
  /** When a place was last left, in milliseconds since 1970. */
  left: Partial<Record<TurnPlace, number>>;
  keys: KeptKeys;
}

/** The runs at one place. */
export interface Line {
  /** One that has its turn; with it those that it has let in, or that are at work without a turn. */
  atWork: AtWork[];
  waiting: Waiting[];
}

export interface AtWork extends RunRef {
  /** Absent when it works there without a turn of this queue. */
  grant?: Grant;
  /** Absent until somebody has looked. */
  seen?: 'open' | 'blocked';
  blocked?: BlockedAhead;
  /** Run id of the one that was last asked for, and of the one that was let in. */
  askedFor?: string;
  lentTo?: string;
}

export type Waiting = Pick<Claim, 'workflowId' | 'runId' | 'startedAt' | 'passes' | 'quiet'> & {
  earlier: RunRef[];
  known: boolean;
  /** What it was last told. */
  told?: string;
};

export function emptyQueue(): QueueState {
  return { version: 1, lines: {}, left: {}, keys: { all: '', forgotten: false } };
}

/** Business keys that were ever claimed: 12 hexadecimal digits each, oldest first. */
export interface KeptKeys {
  all: string;
  /** True once the oldest had to go. */
  forgotten: boolean;
}

const DIGITS = 12;
/** Of one queue: they take 1.2 MB, and Temporal takes payloads of 2 MB. */
const KEYS_AT_MOST = 100_000;

/** Remembers which business keys were ever claimed. */
export class KnownKeys {
  private readonly hashes: Set<string>;
  private forgotten: boolean;

  constructor({ all, forgotten }: KeptKeys) {
    this.hashes = new Set(all.match(/.{12}/g) ?? []);
    this.forgotten = forgotten;
  }

  /** Adds a key; true when it was known before, or when it may have been forgotten. */
  add(hash: string): boolean {
    if (hash.length !== DIGITS) return true;
    if (this.hashes.has(hash)) return true;
    this.hashes.add(hash);
    if (this.hashes.size > KEYS_AT_MOST) {
      const [oldest] = this.hashes;
      this.hashes.delete(oldest!);
      this.forgotten = true;
    }
    return this.forgotten;
  }

  get kept(): KeptKeys {
    return { all: [...this.hashes].join(''), forgotten: this.forgotten };
  }
}

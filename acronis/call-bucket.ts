import { abortable } from './abort.js';

/** Calls that may go at once after a pause, as seconds of the rate. It makes up for timers that are late. */
const BURST_SECONDS = 0.2;
/** While both classes wait, one call in so many is a bulk call. */
const BULK_EVERY = 10;
/** What is lost when times are added up as floating-point numbers. */
const ROUNDING = 1e-6;

/** Which calls go first. */
export interface CallTurn {
  /** True for work that no person waits for. It goes last, but always gets a tenth. */
  bulk?: boolean | undefined;
  /** When the work began that makes it: within a class, the oldest goes first. Milliseconds since 1970. Default: first. */
  since?: number | undefined;
  /** Goes at once, and later calls wait instead: all others need its answer, or it says whether the cloud answers. */
  atOnce?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** The right to make calls at a rate until a time; from then on at the rate `afterwards`. By the clock of the bucket. */
export interface CallLease {
  /** Calls per second. */
  rate: number;
  until: number;
  afterwards: number;
}

/** Numbers of both classes. */
export type ByClass = Record<'urgent' | 'bulk', number>;

/** Keeps the calls of this process to one cloud within its lease: urgent calls before bulk calls. */
export interface CallBucket {
  /** Waits until the call may be sent, however long that takes. Throws only the signal's reason. */
  acquire(turn: CallTurn): Promise<void>;
  /** The last call was not sent after all, so another one may go instead. */
  giveBack(): void;
  /** Replaces the lease. A bucket without one lets nothing through. */
  setLease(lease: CallLease): void;
  /** The calls that wait now. */
  waiting(): ByClass;
  /** How many calls have asked so far. */
  asked(): ByClass;
  /** Calls per second that may be made now. */
  readonly rate: number;
  /** Calls the function whenever a call has to wait. */
  onWait(listener: () => void): void;
}

interface Waiter {
  since: number;
  go(): void;
}

const NO_LEASE: CallLease = { rate: 0, until: Number.NEGATIVE_INFINITY, afterwards: 0 };

/** `now` returns milliseconds of a clock that nobody can set. */
export function createCallBucket(now: () => number): CallBucket {
  return new Bucket(now);
}

class Bucket implements CallBucket {
  private lease = NO_LEASE;
  private tokens = 0;
  private filledAt: number;
  private readonly queues = { urgent: new Set<Waiter>(), bulk: new Set<Waiter>() };
  private readonly counts: ByClass = { urgent: 0, bulk: 0 };
  /** Urgent calls since the last bulk call, while bulk calls wait. */
  private urgentInRow = 0;
  private timer: NodeJS.Timeout | undefined;
  private listener: () => void = () => undefined;

  constructor(private readonly now: () => number) {
    this.filledAt = now();
  }

  async acquire({ bulk = false, since = Number.NEGATIVE_INFINITY, atOnce, signal }: CallTurn): Promise<void> {
    signal?.throwIfAborted();
    const kind = bulk ? 'bulk' : 'urgent';
    this.counts[kind] += 1;
    if (atOnce) return this.goAtOnce();
    let waiter: Waiter | undefined;
    const allowed = new Promise<void>((go) => this.queues[kind].add((waiter = { since, go })));
    this.serve();
    if (!this.queues[kind].has(waiter!)) return;
    this.listener();
    try {
      await abortable(allowed, signal);
    } catch (error) {
      // it was let through in the moment in which it gave up
      if (!this.queues[kind].delete(waiter!)) this.giveBack();
      throw error;
    }
  }

  giveBack(): void {
    this.tokens += 1;
    this.serve();
  }

  setLease(lease: CallLease): void {
    this.fill();
    this.lease = lease;
    this.serve();
  }

  waiting(): ByClass {
    return { urgent: this.queues.urgent.size, bulk: this.queues.bulk.size };
  }

  asked(): ByClass {
    return { ...this.counts };
  }

  onWait(listener: () => void): void {
    this.listener = listener;
  }

  get rate(): number {
    return this.now() < this.lease.until ? this.lease.rate : this.lease.afterwards;
  }

  /** Adds what has accrued. At the end of the lease the rate changes. */
  private fill(): void {
    const { rate, until, afterwards } = this.lease;
    const now = this.now();
    const end = Math.min(now, Math.max(this.filledAt, until));
    const accrued = ((end - this.filledAt) * rate + (now - end) * afterwards) / 1000;
    this.filledAt = now;
    this.tokens = Math.min(Math.max(1, this.rate * BURST_SECONDS), this.tokens + accrued);
  }

  private serve(): void {
    this.fill();
    for (let next = this.next(); next !== undefined && this.tokens >= 1 - ROUNDING; next = this.next()) {
      this.tokens -= 1;
      this.take(next);
    }
    this.wakeLater();
  }

  private goAtOnce(): void {
    this.fill();
    this.tokens -= 1;
  }

  private next(): keyof ByClass | undefined {
    const { urgent, bulk } = this.queues;
    if (urgent.size === 0) return bulk.size === 0 ? undefined : 'bulk';
    return bulk.size > 0 && this.urgentInRow >= BULK_EVERY - 1 ? 'bulk' : 'urgent';
  }

  private take(kind: keyof ByClass): void {
    const queue = this.queues[kind];
    let first: Waiter | undefined;
    for (const one of queue) if (first === undefined || one.since < first.since) first = one;
    this.urgentInRow = kind === 'urgent' && this.queues.bulk.size > 0 ? this.urgentInRow + 1 : 0;
    queue.delete(first!);
    first!.go();
  }

  private wakeLater(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { rate } = this;
    if (rate <= 0 || this.next() === undefined) return;
    const toEnd = this.lease.until - this.now();
    const toToken = ((1 - this.tokens) / rate) * 1000;
    const wait = Math.max(1, Math.ceil(toEnd > 0 ? Math.min(toToken, toEnd) : toToken));
    this.timer = setTimeout(() => this.serve(), Math.min(wait, 60_000));
  }
}

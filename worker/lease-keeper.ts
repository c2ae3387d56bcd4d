import type { ByClass, CallBucket, CallLease } from '../acronis/index.js';
import { LEASE_MS, type GrantedLease, type LeaseAsk } from '../contract/call-budget.js';

/** The way to the workflow that divides the budget. */
export interface BudgetDoor {
  /** Sends the ask and reads the lease; null when the workflow has not read the ask in time. */
  ask(ask: LeaseAsk): Promise<GrantedLease | null>;
}

interface Parts {
  /** Names this process among all workers. */
  worker: string;
  /** Of the whole cloud. */
  callsPerSecond: number;
  bucket: CallBucket;
  door: BudgetDoor;
  /** The clock of the bucket. */
  now: () => number;
}

/** How often it looks whether to ask. */
const TICK_MS = 250;
/** With demand, a lease is renewed after this time. So two asks may fail before it lapses. */
const RENEW_MS = 4000;
/** When the share is larger than the lease, it asks again after this time: others may have given back what they held. */
const ASK_SOONER_MS = 1000;
/** A demand is counted over this time at least. */
const LEAST_WINDOW_MS = 1000;
/** A worker that never had a lease, and cannot ask, makes this part of the budget. */
const WITHOUT_LEASE = 0.1;

/**
 * Keeps the lease of one cloud for this process. It asks only while there are calls, and renews the lease before it
 * lapses. When Temporal does not answer, the last lease counts on, halved.
 */
export class LeaseKeeper {
  private readonly timer: NodeJS.Timeout;
  private asking: Promise<void> | undefined;
  private isClosed = false;
  private nth = 0;
  private uses = 0;
  private rate = 0;
  /** The last lease of more than nothing. */
  private lastRate = 0;
  private share = 0;
  private askedAt = Number.NEGATIVE_INFINITY;
  /** When the last ask was sent whose lease is used. */
  private leasedAt = Number.NEGATIVE_INFINITY;
  private askedBefore: ByClass = { urgent: 0, bulk: 0 };

  constructor(private readonly parts: Parts) {
    this.timer = setInterval(() => this.look(), TICK_MS).unref();
    parts.bucket.onWait(() => this.look());
  }

  /** Calls per second of the present lease; 0 without one. */
  get leased(): number {
    return this.parts.now() < this.leasedAt + LEASE_MS ? this.rate : 0;
  }

  /** Gives the lease back, and asks for none any more. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.isClosed = true;
    await this.asking;
    if (this.isLeased) await this.giveBack().catch(() => undefined);
  }

  private look(): void {
    if (this.asking !== undefined || this.isClosed || !this.isTime()) return;
    this.asking = this.renew().finally(() => {
      this.asking = undefined;
    });
  }

  private isTime(): boolean {
    const { bucket, now } = this.parts;
    const { urgent, bulk } = bucket.waiting();
    const isWaiting = urgent + bulk > 0;
    const since = now() - this.askedAt;
    const hasLess = this.leased < this.share * 0.99 || now() >= this.leasedAt + LEASE_MS;
    if (isWaiting && hasLess) return since >= ASK_SOONER_MS;
    return since >= RENEW_MS && (isWaiting || this.hasCalled() || this.isLeased);
  }

  private get isLeased(): boolean {
    return this.leasedAt > Number.NEGATIVE_INFINITY;
  }

  private hasCalled(): boolean {
    const { urgent, bulk } = this.parts.bucket.asked();
    return urgent + bulk > this.askedBefore.urgent + this.askedBefore.bulk;
  }

  /** The calls per second that it could use: those since the last ask, and those that wait. */
  private demand(): ByClass {
    const { bucket, callsPerSecond, now } = this.parts;
    const [asked, waiting] = [bucket.asked(), bucket.waiting()];
    const seconds = Math.min(Math.max(now() - this.askedAt, LEAST_WINDOW_MS), LEASE_MS) / 1000;
    const rateOf = (kind: keyof ByClass) => {
      const calls = asked[kind] - this.askedBefore[kind] + waiting[kind];
      return Math.min(callsPerSecond, calls / seconds);
    };
    return { urgent: rateOf('urgent'), bulk: rateOf('bulk') };
  }

  private async renew(): Promise<void> {
    const { urgent, bulk } = this.demand();
    const sentAt = this.parts.now();
    this.askedBefore = this.parts.bucket.asked();
    this.askedAt = sentAt;
    try {
      if (urgent + bulk === 0) return await this.giveBack();
      const before = this.rate;
      this.take(await this.ask({ urgent, bulk }), sentAt);
      // the others get the difference only once they know that it is not used any more
      if (this.rate < before) this.take(await this.ask({ urgent, bulk }), sentAt);
    } catch {
      this.goOnWithout();
    }
  }

  private async ask(demand: ByClass): Promise<GrantedLease | null> {
    const { worker, callsPerSecond, door } = this.parts;
    this.nth += 1;
    return await door.ask({ worker, callsPerSecond, ...demand, nth: this.nth, uses: this.uses });
  }

  private take(lease: GrantedLease | null, sentAt: number): void {
    if (lease?.nth !== this.nth) return this.goOnWithout();
    this.uses = lease.nth;
    this.share = lease.share;
    this.leasedAt = sentAt;
    if (lease.callsPerSecond > 0) this.lastRate = lease.callsPerSecond;
    this.use({ rate: lease.callsPerSecond, until: sentAt + LEASE_MS, afterwards: 0 });
  }

  private async giveBack(): Promise<void> {
    this.share = 0;
    this.leasedAt = Number.NEGATIVE_INFINITY;
    this.use({ rate: 0, until: Number.NEGATIVE_INFINITY, afterwards: 0 });
    await this.ask({ urgent: 0, bulk: 0 });
  }

  /** Until Temporal answers again, others may have the same thought; so only a half is used. */
  private goOnWithout(): void {
    const { callsPerSecond } = this.parts;
    const afterwards = this.lastRate > 0 ? this.lastRate / 2 : callsPerSecond * WITHOUT_LEASE;
    this.use({ rate: this.rate, until: this.leasedAt + LEASE_MS, afterwards });
  }

  private use(lease: CallLease): void {
    this.rate = lease.rate;
    this.parts.bucket.setLease(lease);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Reader, Reading } from '../../../client/readings.js';
import { TenantryError } from '../../../contract/errors.js';

/** How often something is read, in milliseconds. */
export interface Pace {
  /** After a change. */
  shortest: number;
  /** When nothing changes, and so many things are watched. */
  longest: number | ((watched: number) => number);
  /** How long a reading may fail before the listeners are told. */
  patience: number;
}

/** All that is watched together is read this often at most: a few runs are followed closely, and many are no load. */
const ONE_READING_IN_MS = 20;
const LONGEST_MS = 2000;
const SHORTEST_MS = 150;

export const usualPace: Pace = {
  shortest: SHORTEST_MS,
  longest: (watched) => Math.min(LONGEST_MS, Math.max(SHORTEST_MS, watched * ONE_READING_IN_MS)),
  patience: 3000,
};

/** What all listeners hear at a moment. */
export interface Moment<Status> extends Partial<Reading<Status>> {
  /** Grows with each. */
  number: number;
  /** Why nothing can be read now; what was read last is kept. */
  trouble?: Error;
}

/** Reads something again and again, once for all who listen. */
export class Watch<Status> {
  private moment: Moment<Status> = { number: 0 };
  private failingSince: number | undefined;
  private readonly stopped = new AbortController();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly read: Reader<Status>,
    private readonly pace: Pace = usualPace,
    private readonly watched: () => number = () => 1,
  ) {
    void this.run();
  }

  /** True when nothing will change any more. */
  get isOver(): boolean {
    return this.moment.isOver === true;
  }

  /** Reads no more. */
  stop(): void {
    this.stopped.abort();
  }

  /** The newest moment, once it is another than the one with the number `seen`; undefined after `leaving`. */
  async next(seen: number, leaving: AbortSignal): Promise<Moment<Status> | undefined> {
    while (this.moment.number === seen && !leaving.aborted)
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.listeners.delete(wake);
          leaving.removeEventListener('abort', wake);
          resolve();
        };
        this.listeners.add(wake);
        leaving.addEventListener('abort', wake);
      });
    return leaving.aborted ? undefined : this.moment;
  }

  private async run(): Promise<void> {
    const { shortest, longest } = this.pace;
    const most = typeof longest === 'number' ? () => longest : () => longest(this.watched());
    const { signal } = this.stopped;
    for (let pause = shortest; !signal.aborted && !this.isOver;) {
      pause = (await this.look()) ? shortest : Math.min(pause * 1.5, most());
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  /** True when the listeners have heard something. */
  private async look(): Promise<boolean> {
    try {
      const reading = await this.read();
      this.failingSince = undefined;
      const { status, isOver = false, trouble } = this.moment;
      const known = status && { status, isOver };
      const now = reading ?? known;
      const isNews = trouble !== undefined || JSON.stringify(now) !== JSON.stringify(known);
      return isNews && now !== undefined && this.tell(now);
    } catch (error) {
      return this.fail(error as Error);
    }
  }

  /** The first reading has no patience: who asks for a stream gets an answer. */
  private fail(trouble: Error): boolean {
    const now = performance.now();
    this.failingSince ??= now;
    const { status, trouble: told } = this.moment;
    if (isLasting(trouble)) return this.tell({ ...(status && { status }), trouble, isOver: true });
    const isShort = status !== undefined && now - this.failingSince < this.pace.patience;
    return !isShort && told === undefined && this.tell({ ...(status && { status }), trouble, isOver: false });
  }

  private tell(what: Omit<Moment<Status>, 'number'>): true {
    this.moment = { ...what, number: this.moment.number + 1 };
    for (const wake of this.listeners) wake();
    return true;
  }
}

/** What nobody will ever be able to read. */
function isLasting(error: Error): boolean {
  return error instanceof TenantryError && error.kind !== 'unavailable' && error.kind !== 'internal';
}

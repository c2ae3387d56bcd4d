import type { Clock } from './clock.js';
import type { Service } from './service.js';

interface Waiter {
  isOver(): boolean;
  wake(): void;
}

/** Lets virtual time pass exactly as long as a test waits for something. */
export class VirtualTime {
  private readonly waiters = new Set<Waiter>();
  private passing: Promise<void> | undefined;
  private isOver = false;

  constructor(
    private readonly service: Service,
    private readonly clock: Clock,
  ) {}

  /** Lets time pass until this promise has its end. */
  async until<T>(happening: Promise<T>): Promise<T> {
    let isOver = false;
    happening.catch(() => undefined).finally(() => (isOver = true));
    await this.untilTrue(() => isOver);
    return await happening;
  }

  /** Lets time pass until this is true. Throws if nothing is left that could make it true. */
  async untilTrue(isOver: () => boolean): Promise<void> {
    let waiter!: Waiter;
    const woken = new Promise<void>((wake) => this.waiters.add((waiter = { isOver, wake })));
    this.passing ??= this.pass().finally(() => (this.passing = undefined));
    try {
      await Promise.race([woken, this.passing]);
    } finally {
      this.waiters.delete(waiter);
    }
  }

  /** Lets this many milliseconds pass. */
  async sleep(ms: number): Promise<void> {
    await this.until(new Promise<void>((resolve) => this.clock.schedule(ms, resolve)));
  }

  /** Time stands still from now on, also for those who still wait. */
  stop(): void {
    this.isOver = true;
  }

  private async pass(): Promise<void> {
    while (!this.isOver) {
      await this.service.settle();
      const over = [...this.waiters].filter(({ isOver }) => isOver());
      for (const waiter of over) {
        this.waiters.delete(waiter);
        waiter.wake();
      }
      // what a test does next comes before time passes
      if (over.length > 0) await this.service.settle();
      if (this.waiters.size === 0) return;
      if (over.length === 0 && !this.clock.runNextTimer()) throw new Error('nothing happens any more');
    }
  }
}

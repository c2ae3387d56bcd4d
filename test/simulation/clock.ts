import { AsyncLocalStorage } from 'node:async_hooks';

/** The lifetime of a process, such as a worker. Its timers end with it. */
export interface Lifetime {
  over: boolean;
  /** By how many milliseconds its time of day is ahead. Durations stay right. Can change at any moment. */
  clockAheadMs?: number;
}

/** Time and timers, virtual or real. */
export interface Timing {
  readonly now: number;
  schedule(ms: number, act: () => void): unknown;
  cancel(timer: unknown): void;
}

interface Timer {
  at: number;
  order: number;
  act: () => void;
  everyMs?: number;
  life?: Lifetime | undefined;
}

const lives = new AsyncLocalStorage<Lifetime>();
const names = ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;
const RealDate = Date;
const realPerformance = performance;
const realClear = clearTimeout;

/** Virtual time that passes only on request. Once installed, it replaces every timer and date of this process. */
export class Clock implements Timing {
  private readonly timers = new Set<Timer>();
  private made = 0;
  private readonly begun: number;

  constructor(public now = Date.UTC(2026, 0, 5, 9)) {
    this.begun = now;
  }

  /** Replaces the time of the whole process. Gives a function that restores it. */
  install(): () => void {
    const real = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)!] as const);
    for (const [name, value] of Object.entries({
      ...this.timing(),
      Date: this.date(),
      performance: this.performance(),
    }))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    return () => {
      for (const [name, descriptor] of real) Object.defineProperty(globalThis, name, descriptor);
    };
  }

  /** Schedules a function. */
  schedule(ms: number, act: () => void, life?: Lifetime): Timer {
    // Temporal's backoffs can be fractions of a millisecond, and dates cannot
    const timer = { at: this.now + Math.max(0, Math.ceil(ms)), order: (this.made += 1), act, life };
    this.timers.add(timer);
    return timer;
  }

  cancel(timer: Timer | undefined): void {
    if (timer !== undefined) this.timers.delete(timer);
  }

  /** Moves the time to the next timer and runs it; false if there is no timer. */
  runNextTimer(): boolean {
    let next: Timer | undefined;
    for (const timer of this.timers)
      if (timer.life?.over) this.timers.delete(timer);
      else if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer;
    if (next === undefined) return false;
    this.now = Math.max(this.now, next.at);
    if (next.everyMs === undefined) this.timers.delete(next);
    else Object.assign(next, { at: this.now + next.everyMs, order: (this.made += 1) });
    if (next.life === undefined) next.act();
    else lives.run(next.life, next.act);
    return true;
  }

  /** Timers that `act` sets belong to this lifetime, and it sees this lifetime's time of day. */
  static runWith<T>(life: Lifetime, act: () => T): T {
    return lives.run(life, act);
  }

  private timing() {
    const set = (act: (...args: unknown[]) => void, ms: number, args: unknown[]) =>
      this.schedule(ms, () => act(...args), lives.getStore());
    const handle = (timer: Timer) => Object.assign(timer, { unref: () => timer, ref: () => timer, hasRef: () => true });
    // a timer of before is a real one
    const clear = (timer?: Timer | NodeJS.Timeout) =>
      timer !== undefined && 'act' in timer ? this.cancel(timer) : realClear(timer);
    return {
      setTimeout: (act: () => void, ms = 1, ...args: unknown[]) => handle(set(act, ms, args)),
      setInterval: (act: () => void, ms = 1, ...args: unknown[]) =>
        handle(Object.assign(set(act, ms, args), { everyMs: Math.max(1, ms) })),
      clearTimeout: clear,
      clearInterval: clear,
    };
  }

  private performance(): typeof performance {
    const now = () => this.now - this.begun;
    return new Proxy(realPerformance, {
      get: (target, key) => {
        const value: unknown = key === 'now' ? now : Reflect.get(target, key, target);
        return key !== 'now' && typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  private date(): DateConstructor {
    const now = () => this.now + (lives.getStore()?.clockAheadMs ?? 0);
    // the SDK recognises dates by the name of their class
    return class Date extends RealDate {
      constructor(...given: unknown[]) {
        // oxlint-disable-next-line typescript/no-unsafe-argument -- a date takes what a date takes
        super(...((given.length === 0 ? [now()] : given) as [number]));
      }
      static override now = now;
    } as DateConstructor;
  }
}

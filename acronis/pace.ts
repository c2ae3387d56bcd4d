import { sleep } from './waiting.js';

/** Longest wait inside a call, in milliseconds; a call that would wait longer fails at once. */
const PATIENCE_MS = 5_000;
const FIRST_GAP_MS = 100;
const LONGEST_GAP_MS = 5_000;
const RECOVERY = 0.7;
const SMALLEST_GAP_MS = 5;
const HOUR_MS = 3_600_000;

/** Leave to send, with the time at which it was given; or the milliseconds for which it is withheld. */
export type Admission = { admittedAt: number } | { refusedForMs: number };

/** Keeps all calls to one cloud at a speed that the cloud can bear. */
export interface Pace {
  /** Waits for the call's turn, at most 5 s. Throws only the signal's reason. */
  admit(signal?: AbortSignal): Promise<Admission>;
  /** Takes note of a 429: nothing goes out before `retryAfterMs` has passed, and calls keep a gap from then on. */
  throttled(admittedAt: number, retryAfterMs: number | undefined): void;
  /** Takes note of an answer other than 429: the gap shrinks, and in the end there is none. */
  served(): void;
}

/**
 * A pace without any gap, as long as the cloud does not ask for one. `now` tells milliseconds by a clock that nobody sets: one that is set back would
 * shut the cloud for as long.
 */
export function createPace(now: () => number): Pace {
  let blockedUntil = Number.NEGATIVE_INFINITY;
  let nextTurn = Number.NEGATIVE_INFINITY;
  let gapMs = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  return {
    async admit(signal) {
      for (;;) {
        signal?.throwIfAborted();
        const seen = blockedUntil;
        const turn = Math.max(now(), blockedUntil, nextTurn);
        const waitMs = turn - now();
        if (waitMs > PATIENCE_MS) return { refusedForMs: waitMs };
        nextTurn = turn + gapMs;
        if (waitMs > 0) await sleep(waitMs, signal);
        // Another call may have met a 429 while this one waited.
        if (blockedUntil <= seen) return { admittedAt: now() };
      }
    },
    throttled(admittedAt, retryAfterMs) {
      // Calls that were under way together are slowed down once, not once each.
      if (admittedAt >= slowedAt) {
        gapMs = Math.min(LONGEST_GAP_MS, Math.max(FIRST_GAP_MS, gapMs * 2));
        slowedAt = now();
      }
      blockedUntil = Math.max(blockedUntil, now() + (retryAfterMs ?? gapMs));
    },
    served() {
      gapMs = gapMs * RECOVERY < SMALLEST_GAP_MS ? 0 : gapMs * RECOVERY;
    },
  };
}

/**
 * Reads a Retry-After header, given as seconds or as an HTTP date, into milliseconds from now: at most an hour, so that one absurd header does not
 * shut a cloud for good; the cloud can ask again.
 */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(HOUR_MS, Math.max(0, Math.ceil(ms)));
}

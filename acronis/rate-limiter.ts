import { sleep } from './abort.js';

/** A call that would wait longer fails at once. */
export const MAX_WAIT_MS = 5_000;
const FIRST_GAP_MS = 100;
const MAX_GAP_MS = 5_000;
const MIN_GAP_MS = 5;
const GAP_SHRINK_FACTOR = 0.7;
const HOUR_MS = 3_600_000;
const SECONDS = /^\d+$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Permission to send, with the time at which it was granted; or the milliseconds for which it is refused. */
export type Permit = { grantedAt: number } | { refusedForMs: number };

/** Keeps all calls to one cloud at a rate that the cloud accepts. */
export interface RateLimiter {
  /** Waits until the call may be sent, at most 5 s. Throws only the signal's reason. */
  acquire(signal?: AbortSignal): Promise<Permit>;
  /** For how long a call would have to wait now. Milliseconds; 0: it may be sent. */
  waitMs(): number;
  /** Handles a 429: nothing is sent before `retryAfterMs` has passed, and calls keep a gap from then on. */
  onThrottled(grantedAt: number, retryAfterMs: number | undefined): void;
  /** Handles any other answer: the gap shrinks until there is none. */
  onServed(): void;
}

/**
 * Without any gap as long as the cloud does not ask for one. `now` returns milliseconds of a clock that nobody can set:
 * if a clock were set back, nothing would be sent to the cloud for that long.
 */
export function createRateLimiter(now: () => number): RateLimiter {
  let blockedUntil = Number.NEGATIVE_INFINITY;
  let nextSlot = Number.NEGATIVE_INFINITY;
  let gapMs = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  return {
    async acquire(signal) {
      for (;;) {
        signal?.throwIfAborted();
        const seen = blockedUntil;
        const slot = Math.max(now(), blockedUntil, nextSlot);
        const waitMs = slot - now();
        if (waitMs > MAX_WAIT_MS) return { refusedForMs: waitMs };
        nextSlot = slot + gapMs;
        if (waitMs > 0) await sleep(waitMs, signal);
        // another call may have met a 429 while this one waited
        if (blockedUntil <= seen) return { grantedAt: now() };
      }
    },
    waitMs: () => Math.max(0, blockedUntil - now(), nextSlot - now()),
    onThrottled(grantedAt, retryAfterMs) {
      // calls that were in flight together are slowed down once, not once each
      if (grantedAt >= slowedAt) {
        gapMs = Math.min(MAX_GAP_MS, Math.max(FIRST_GAP_MS, gapMs * 2));
        slowedAt = now();
      }
      blockedUntil = Math.max(blockedUntil, now() + (retryAfterMs ?? gapMs));
    },
    onServed() {
      gapMs = gapMs * GAP_SHRINK_FACTOR < MIN_GAP_MS ? 0 : gapMs * GAP_SHRINK_FACTOR;
    },
  };
}

/**
 * Reads a Retry-After header as milliseconds from `now`, the sender's time. Undefined unless it has one of the two forms
 * of the standard: whole seconds, or a date of HTTP. At most `longestMs`, so that one absurd header does not block a cloud
 * for good; the cloud can ask again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110.html#name-retry-after
 */
export function retryAfterMs(header: string | null, now: number, longestMs = HOUR_MS): number | undefined {
  const text = header?.trim() ?? '';
  const ms = SECONDS.test(text) ? Number(text) * 1000 : HTTP_DATE.test(text) ? Date.parse(text) - now : NaN;
  return Number.isNaN(ms) ? undefined : Math.min(longestMs, Math.max(0, ms));
}

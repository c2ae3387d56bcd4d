import { sleep } from './abort.js';
import type { CallBucket, CallTurn } from './call-bucket.js';
import { MAX_WAIT_MS, type RateLimiter } from './rate-limiter.js';

/**
 * Waits until the budget has a call to give that the cloud takes now, or refuses at once. Throws only the signal's reason.
 * While the cloud wants no call, calls go back to the budget: those that had one would all be sent in the same moment
 * afterwards.
 */
export async function turnInBudget(
  budget: CallBucket,
  rateLimiter: Pick<RateLimiter, 'waitMs'>,
  turn: CallTurn,
): Promise<void> {
  for (;;) {
    await budget.acquire(turn);
    const waitMs = rateLimiter.waitMs();
    if (waitMs === 0 || waitMs > MAX_WAIT_MS) return;
    budget.giveBack();
    await sleep(waitMs, turn.signal);
  }
}

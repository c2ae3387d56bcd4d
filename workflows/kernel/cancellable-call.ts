import { ActivityFailure, CancellationScope, CancelledFailure } from '@temporalio/workflow';
import type { TriesSoFar } from '../../activities/tries-so-far.js';
import { quickLooks } from './activity-options.js';
import { describeFailure, mayHaveTakenEffect } from './describe-failure.js';
import { HEEDS_TRIES } from '../../contract/revision.js';

/**
 * Makes a call of an activity. Temporal forgets what became of the tries of an activity that is cancelled while it waits for the next one, so a
 * cancellation asks for that before it cancels; the failure tells it then.
 */
export async function callKnowingTries<R>(activityId: string, act: () => Promise<R>, revision: number): Promise<R> {
  const outer = CancellationScope.current();
  if (revision < HEEDS_TRIES || outer.consideredCancelled) return await act();
  return await CancellationScope.nonCancellable(async () => {
    const inner = new CancellationScope();
    let over = false;
    let known: TriesSoFar | null = null;
    const cancel = async () => {
      if (over) return;
      known = await quickLooks.triesSoFar({ activityId }).catch(() => null);
      inner.cancel();
    };
    outer.cancelRequested.catch(cancel);
    try {
      return await inner.run(act);
    } catch (error) {
      throw withFacts(error, known);
    } finally {
      over = true;
    }
  });
}

/** The failure of a call that was cancelled, with what is known of its tries. */
function withFacts(error: unknown, known: TriesSoFar | null): unknown {
  if (known === null || !(error instanceof ActivityFailure) || !(error.cause instanceof CancelledFailure)) return error;
  const described = describeFailure(error);
  if (described.facts !== undefined) return error;
  const { facts, nextAt } = known;
  // one more try may have begun, and ended, before it was cancelled: it takes back no effect, but may have had one
  if (Date.now() >= nextAt && !mayHaveTakenEffect({ ...described, facts })) return error;
  const { message, activityType, activityId, retryState, identity, cause } = error;
  return new ActivityFailure(
    message,
    activityType,
    activityId,
    retryState,
    identity,
    new CancelledFailure(cause.message, [facts]),
  );
}

import { ActivityFailure, CancellationScope, CancelledFailure } from '@temporalio/workflow';
import type { TriesSoFar } from '../../activities/tries-so-far.js';
import { quickTemporalCalls } from './activity-options.js';
import { describeFailure, mayHaveTakenEffect } from './describe-failure.js';
import { READS_TRIES_ON_CANCEL } from '../../contract/revision.js';

/**
 * Calls an activity. If an activity is cancelled between two attempts, Temporal does not report the results of its
 * attempts. So a cancellation first asks for them; the failure then contains them.
 */
export async function callKnowingTries<R>(activityId: string, act: () => Promise<R>, revision: number): Promise<R> {
  const outer = CancellationScope.current();
  if (revision < READS_TRIES_ON_CANCEL || outer.consideredCancelled) return await act();
  return await CancellationScope.nonCancellable(async () => {
    const inner = new CancellationScope();
    let over = false;
    let known: TriesSoFar | null = null;
    const cancel = async () => {
      if (over) return;
      known = await quickTemporalCalls.triesSoFar({ activityId }).catch(() => null);
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

/** The failure of a cancelled call, with the known results of its attempts. */
function withFacts(error: unknown, known: TriesSoFar | null): unknown {
  if (known === null || !(error instanceof ActivityFailure) || !(error.cause instanceof CancelledFailure)) return error;
  const described = describeFailure(error);
  if (described.facts !== undefined) return error;
  const { facts, nextAt } = known;
  // one more attempt may have started and ended before the cancellation, and may have had an effect
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

import { Context } from '@temporalio/activity';
import type { ActivityDependencies } from './attempt.js';
import { standBackFailure, type StandingBack } from './cloud-slots.js';
import { attemptNumber, mayHaveActed, memoryOf } from './earlier-attempts.js';
import { toFailure } from './failures.js';

interface Sharing extends Pick<ActivityDependencies, 'shares' | 'budgets'> {
  cloud: string;
  /** How long failures are retried. Milliseconds. */
  againMs: number;
  onlyLooks: boolean;
}

/**
 * Runs the attempt, unless its cloud already uses its share of this worker, or enough calls wait for the budget of the
 * cloud: then it does nothing and learns nothing.
 */
export async function withinShare<Result>(sharing: Sharing, run: () => Promise<Result>): Promise<Result> {
  const { cloud, againMs } = sharing;
  const context = Context.current();
  const { isLocal, scheduledTimestampMs: scheduledAt, currentAttemptScheduledTimestampMs: now } = context.info;
  const entered = enterBoth(sharing, context);
  if (typeof entered === 'function') return await run().finally(entered);
  const memory = memoryOf(context);
  const stoodBack = (memory.stoodBack ?? 0) + 1;
  const known = { ...memory, stoodBack };
  if (!isLocal) context.heartbeat(known);
  const attempt = attemptNumber(context, known);
  const situation = { attempt, scheduledAt, now, againMs, unsure: mayHaveActed(known, attempt) };
  const why = againMs === Infinity ? 'probe' : entered;
  throw toFailure(standBackFailure(cloud, stoodBack, why), known, situation);
}

/** Counts an attempt with its cloud and with the budget, and answers the function that ends it; else what has no room. */
function enterBoth({ shares, budgets, cloud, onlyLooks }: Sharing, { info }: Context): (() => void) | StandingBack {
  const leave = shares === undefined ? () => undefined : shares.enter(cloud, info.isLocal ? 'local' : 'ordinary');
  if (leave === undefined) return 'share';
  const leaveBudget = budgets === undefined ? () => undefined : budgets.enter(cloud, info, onlyLooks);
  if (leaveBudget === undefined) {
    leave();
    return 'budget';
  }
  return () => {
    leave();
    leaveBudget();
  };
}

import { Context, type Info } from '@temporalio/activity';
import type { ActivityDependencies } from './attempt.js';
import { standBackFailure } from './cloud-slots.js';
import { attemptNumber, mayHaveActed, memoryOf } from './earlier-attempts.js';
import { toFailure } from './failures.js';

type Shares = Pick<ActivityDependencies, 'shares' | 'budgets'>;

/**
 * Runs the attempt, unless its cloud already uses its share of this worker, or enough attempts wait for the budget of the
 * cloud: then it does nothing and learns nothing.
 */
export async function withinShare<Result>(
  dependencies: Shares,
  cloud: string,
  againMs: number,
  run: () => Promise<Result>,
): Promise<Result> {
  const context = Context.current();
  const { isLocal, scheduledTimestampMs: scheduledAt, currentAttemptScheduledTimestampMs: now } = context.info;
  const leave = enterBoth(dependencies, cloud, context.info);
  if (leave !== undefined) return await run().finally(leave);
  const memory = memoryOf(context);
  const stoodBack = (memory.stoodBack ?? 0) + 1;
  const known = { ...memory, stoodBack };
  if (!isLocal) context.heartbeat(known);
  const attempt = attemptNumber(context, known);
  const situation = { attempt, scheduledAt, now, againMs, unsure: mayHaveActed(known, attempt) };
  throw toFailure(standBackFailure(cloud, stoodBack, againMs === Infinity), known, situation);
}

/** Counts an attempt with its cloud and with the budget; undefined when one of them has no room. */
function enterBoth({ shares, budgets }: Shares, cloud: string, info: Info): (() => void) | undefined {
  const leave = shares === undefined ? () => undefined : shares.enter(cloud, info.isLocal ? 'local' : 'ordinary');
  if (leave === undefined || budgets === undefined) return leave;
  const leaveBudget = budgets.enter(cloud, info);
  if (leaveBudget === undefined) return void leave();
  return () => {
    leave();
    leaveBudget();
  };
}

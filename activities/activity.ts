import { ApplicationFailure, Context } from '@temporalio/activity';
import { isAcronisError, type Acronis, type CompletedCall } from '../acronis/index.js';
import type { StepResult } from '../contract/steps.js';
import type { ActivityDependencies, Attempt, Outcome } from './attempt.js';
import { changeGuard, dryRunOf, type DryRun } from './dry-run.js';
import { FailureType } from '../contract/failures.js';
import { attemptNumber, hasLostAttempt, mayHaveActed, memoryOf, wasReset } from './earlier-attempts.js';
import { timesUntilNow, toFailure, type AttemptMemory } from './failures.js';
import { isDoubtful, isRefusedVersion } from './lost-answers.js';
import { observeAttempt } from './observer.js';
import { overFailure } from './pending-attempt.js';
import { waitUntilSaved } from './saved-memory.js';
import { turnOf } from './call-turns.js';
import { pauseAfter } from './cloud-slots.js';
import { withinShare } from './within-share.js';
import type { MeantTenant } from './still-meant.js';
import { compareTenant, type Compared, type TenantComparison } from './tenant-comparison.js';

/** A function that Temporal runs as an activity. `dry` runs it without Temporal and changes nothing. */
export type Activity<Spec, Result> = ((spec: Spec) => Promise<StepResult<Result>>) & {
  dry(spec: Spec): Promise<DryRun<Result>>;
};

const HEARTBEAT_MS = 500;
const MINUTE_MS = 60_000;

/** By then the server has given the attempt up, so nothing depends on how it ends. */
const AFTER_LIMIT_MS = 1000;

interface ActivityKind {
  /** How long failures are retried. Milliseconds. */
  againMs: number;
  /** Before a late change, the tenant is compared: meanwhile it may have become another customer's. */
  compares?: Compared;
}

interface AnySpec {
  cloud: string;
  /** The tenant that the run means; absent when it does not say so, and in tasks of earlier versions. */
  meant?: MeantTenant;
  /** True when an earlier try of the step may have taken effect. */
  unsure?: boolean;
}

type Act<Spec, Result> = (spec: Spec, attempt: Attempt) => Promise<Outcome<Result>>;

/**
 * Makes an activity of a function. The activity binds the client of the cloud to each attempt, sends heartbeats while a
 * call is open (so that a dead worker is noticed within seconds), counts calls, and gives every error its verdict. The
 * heartbeat carries what earlier attempts have learnt. An attempt that is over sends no other call. While the cloud
 * already uses its share of the worker, an attempt does nothing: it gives its slot back, and Temporal soon makes another.
 */
export const activity = {
  look: activityOf({ againMs: 15 * MINUTE_MS }),
  change: activityOf({ againMs: 15 * MINUTE_MS, compares: 'change' }),
  undo: activityOf({ againMs: 60 * MINUTE_MS, compares: 'undo' }),
  probe: activityOf({ againMs: Infinity }),
};

function activityOf(kind: ActivityKind) {
  return <Spec extends AnySpec, Result>(
    dependencies: ActivityDependencies,
    act: Act<Spec, Result>,
  ): Activity<Spec, Result> => {
    const attempt = async (spec: Spec) => await runAttempt(dependencies, kind, spec, act);
    const run = async (spec: Spec) => {
      const sharing = { ...dependencies, ...kind, cloud: spec.cloud, onlyLooks: kind.compares === undefined };
      return await withinShare(sharing, () => attempt(spec));
    };
    return Object.assign(run, { dry: dryRunOf(dependencies, act) });
  };
}

async function runAttempt<Spec extends AnySpec, Result>(
  dependencies: ActivityDependencies,
  { againMs, compares }: ActivityKind,
  spec: Spec,
  act: Act<Spec, Result>,
): Promise<StepResult<Result>> {
  const context = Context.current();
  const { scheduledTimestampMs: scheduledAt, currentAttemptScheduledTimestampMs: now, isLocal } = context.info;
  const observed = observeAttempt(dependencies.observer, context.info, spec.cloud);
  const memory = memoryOf(context);
  const attempt = attemptNumber(context, memory);
  const unsure = mayHaveActed(memory, attempt);
  const again = context.info.attempt > 1 || wasReset(context);
  // a local activity cannot be lost without its workflow task, so it has no heartbeat
  const remember = () => (isLocal ? undefined : context.heartbeat(memory));
  const beating = setInterval(remember, HEARTBEAT_MS);
  const { signal, forget } = endOfAttempt(context);
  const { watch, around } = changeGuard(spec);
  try {
    const onCall = countingCalls(memory, observed);
    const comparison = compares && spec.meant && compareTenant({ meant: spec.meant, compares, again }, () => bound);
    const confirm = isLocal ? undefined : confirmation(dependencies, context, comparison);
    const turn = turnOf(context.info);
    const acronis = dependencies.cloud(spec.cloud).forAttempt({ onCall, signal, confirm, turn, ...watch });
    const bound = attemptWith(acronis, { dependencies, context, spec, memory, attempt, unsure, remember });
    if (compares === 'change') await comparison?.unlessFresh();
    const outcome = await around(() => act(spec, bound));
    observed.succeeded(outcome.adopted ?? false);
    const times = timesUntilNow(scheduledAt);
    return { ...toAnswer(outcome, { unsure, seen: comparison?.seen }), ...summary(memory, attempt), ...times };
  } catch (error) {
    const failure = verdict(error, { memory, attempt, scheduledAt, now, againMs, unsure, beat: remember });
    observed.failed(failure);
    throw failure;
  } finally {
    clearInterval(beating);
    forget();
  }
}

/** What is found done, perhaps by a person, counts as changed: then the undo hears of it, and names it. */
function toAnswer<Result>(
  { result, adopted = false, changed = !adopted, seen: read }: Outcome<Result>,
  known: { unsure: boolean; seen: string | undefined },
) {
  const seen = read ?? known.seen;
  const isChange = changed || isDoubtful(result);
  return {
    result,
    adopted,
    changed: isChange,
    ...(known.unsure && { unsure: true }),
    ...(seen !== undefined && { seen }),
  };
}

/**
 * Before each change: looks at the tenant when the last look is too old, and fails when this attempt is over. The server
 * is asked last, because a look takes time.
 */
function confirmation({ pending }: ActivityDependencies, context: Context, comparison?: TenantComparison) {
  if (pending === undefined && comparison === undefined) return undefined;
  let started: number | undefined;
  return async () => {
    await comparison?.unlessFresh();
    if (pending === undefined) return;
    let looked: boolean | undefined;
    do {
      const { counts, waitedMs } = await pending(context);
      started ??= waitedMs;
      // after a reset the attempts have the same numbers again
      if (!counts || waitedMs !== started) throw overFailure();
      looked = await comparison?.unlessFresh(waitedMs);
    } while (looked);
  };
}

/**
 * Aborted when the attempt is cancelled, its run is gone, its worker stops or its time is over; also when no server can
 * be reached that would say so.
 */
function endOfAttempt({ cancellationSignal, info: { startToCloseTimeoutMs } }: Context) {
  const limit = new AbortController();
  const late = ApplicationFailure.retryable('the attempt took longer than its time limit', FailureType.Unavailable);
  const timer = setTimeout(() => limit.abort(late), startToCloseTimeoutMs + AFTER_LIMIT_MS);
  return { signal: AbortSignal.any([cancellationSignal, limit.signal]), forget: () => clearTimeout(timer) };
}

function countingCalls(memory: AttemptMemory, observed: ReturnType<typeof observeAttempt>) {
  return (call: CompletedCall) => {
    memory.apiCalls += 1;
    if (call.effect === 'made') memory.changed = true;
    if (call.effect === 'maybe') memory.doubt = true;
    observed.called(call);
  };
}

interface Surroundings {
  dependencies: ActivityDependencies;
  context: Context;
  memory: AttemptMemory;
  attempt: number;
  unsure: boolean;
  spec: AnySpec;
  remember(): void;
}

function attemptWith(
  acronis: Acronis,
  { dependencies, context, spec, memory, attempt, unsure, remember }: Surroundings,
): Attempt {
  const { scheduledTimestampMs: orderedAt, currentAttemptScheduledTimestampMs: scheduledAt } = context.info;
  const begunAt = performance.now();
  return {
    acronis,
    earlierAttempts: attempt - 1,
    mayHaveActed: unsure,
    lostAttempt: hasLostAttempt(memory, attempt),
    triedBefore: spec.unsure === true,
    orderedAt,
    now: () => scheduledAt + (performance.now() - begunAt),
    memory,
    remember,
    waitUntilRemembered: async () => await waitUntilSaved(context, memory),
    secret: dependencies.secret,
    secretStore: dependencies.secretStore,
    pause: (ms) => context.sleep(ms),
    lookAgainMs: dependencies.lookAgainMs ?? MINUTE_MS,
  };
}

function summary({ apiCalls, lastError }: AttemptMemory, attempts: number) {
  return { attempts, apiCalls, ...(lastError === undefined ? {} : { lastError }) };
}

interface Situation {
  memory: AttemptMemory;
  attempt: number;
  scheduledAt: number;
  now: number;
  againMs: number;
  unsure: boolean;
  beat(): void;
}

function verdict(error: unknown, { memory, beat, ...now }: Situation): unknown {
  if (isRefusedVersion(error)) memory.refusedVersion = true;
  // a change was answered, but nobody can say with what
  if (isAcronisError(error) && error.kind === 'unreadable' && memory.changed) memory.doubt = true;
  const failure = toFailure(error, memory, now);
  if (failure instanceof ApplicationFailure) {
    memory.lastError = failure.message;
    beat();
    // Temporal would count the attempts that stood back
    if (memory.stoodBack && now.againMs !== Infinity && !failure.nonRetryable && failure.nextRetryDelay == null)
      Object.assign(failure, { nextRetryDelay: pauseAfter(now.attempt) });
  }
  return failure;
}

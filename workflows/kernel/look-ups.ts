import { CancellationScope, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import { durationMs } from '../../contract/durations.js';
import { toSummary } from '../../contract/markdown.js';
import { NO_CALLS_MADE, type StepResult, type StepTimes } from '../../contract/steps.js';
import { call, type ActivityInput, type ActivityName, type ActivityResult } from './activity-calls.js';
import { activities, localActivities, newsWatches } from './activity-options.js';
import { describeFailure, type FailureDescription } from './describe-failure.js';
import { allSettled } from './all-settled.js';
import { isEvicted } from './activity-calls.js';
import { pauseFor } from './pace.js';

export interface ReportFirst {
  /** Work at the same time as the look-up. When both fail, its error is reported. */
  reportFirst?: Promise<unknown> | undefined;
}

interface LookUpOptions extends ReportFirst {
  summary: string;
  as: string;
  /** Called on the first failure, before the look-up is repeated as an ordinary activity. */
  onRetry(failure: FailureDescription): void;
}

/** The pause between two look-ups of a poll doubles each time. */
const FIRST_PAUSE_MS = durationMs('2 seconds');
const LONGEST_PAUSE_MS = durationMs('1 minute');

/**
 * Looks something up: in the workflow task while the cloud answers, else as an ordinary activity, visible in Temporal.
 */
export async function lookUp<N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
  { reportFirst, ...options }: LookUpOptions,
): Promise<StepResult<ActivityResult<N>>> {
  try {
    return await lookUpTwice(name, input, options);
  } catch (error) {
    await reportFirst;
    throw error;
  }
}

async function lookUpTwice<N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
  { summary, as, onRetry }: LookUpOptions,
): Promise<StepResult<ActivityResult<N>>> {
  const options = { summary: toSummary(summary) };
  try {
    return await call(localActivities, name, input, options);
  } catch (error) {
    const failure = describeFailure(error);
    if (!failure.retryable && !isEvicted(error)) throw error;
    onRetry(failure);
    const done = await call(activities, name, input, { ...options, activityId: as });
    const { startedAt = done.startedAt } = failure.facts ?? {};
    const earlier = { attempts: done.attempts + 1, lastError: done.lastError ?? failure.message };
    return { ...done, ...earlier, ...(startedAt === undefined ? {} : { startedAt }) };
  }
}

/** Repeats a look-up until its result is not null, or the time is over. */
export async function lookUpUntil<N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
  { within, ...options }: LookUpOptions & { within: string },
): Promise<StepResult<NonNullable<ActivityResult<N>> | undefined>> {
  const end = Date.now() + durationMs(within);
  let apiCalls = 0;
  let first: StepTimes | undefined;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const done = await lookUp(name, input, options);
    const { startedAt } = (first ??= done);
    apiCalls += done.apiCalls;
    const result = done.result ?? undefined;
    const left = end - Date.now();
    if (result !== undefined || left <= 0)
      return { ...done, result, apiCalls, ...(startedAt === undefined ? {} : { startedAt }) };
    await sleep(Math.min(pause, left), { summary: `Until ${options.as} is repeated` });
  }
}

/**
 * Repeats a look-up until it has news, or until `meanwhile` has returned. Its attempts add nothing to the history, so they
 * do not count as attempts of the step.
 */
export async function watch<N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
  { summary, as }: Pick<LookUpOptions, 'summary' | 'as'>,
  meanwhile: (hasEnded: () => boolean) => Promise<void>,
): Promise<StepResult<ActivityResult<N> | undefined>> {
  let [ended, isOver] = [false, false];
  const looks = new CancellationScope();
  const options = { summary: toSummary(summary), activityId: as };
  const looking = looks
    .run(async () => await call(newsWatches, name, paced(input), options))
    .finally(() => (ended = true));
  const others = async () => {
    await meanwhile(() => ended);
    isOver = !ended;
    if (isOver) looks.cancel();
  };
  const unlessOver = looking.catch((error: unknown) => {
    if (isOver && isCancellation(error)) return { ...NO_CALLS_MADE, result: undefined };
    throw error;
  });
  const [{ lastError: _nothingNew, ...done }] = await allSettled<[StepResult<ActivityResult<N> | undefined>, void]>(
    unlessOver,
    others(),
  );
  return { ...done, attempts: 1 };
}

/** With how long it must wait first, where the history grows too fast. */
function paced<Input extends object>(input: Input): Input {
  const { historyLength, startTime } = workflowInfo();
  const pauseMs = pauseFor(historyLength, Date.now() - startTime.getTime());
  return { ...input, ...(pauseMs > 0 && { pauseMs }) };
}

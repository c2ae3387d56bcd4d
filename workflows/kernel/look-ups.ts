import { sleep } from '@temporalio/workflow';
import { durationMs } from '../../contract/durations.js';
import type { StepResult } from '../../contract/steps.js';
import { call, short, type ActivityInput, type ActivityName, type ActivityResult } from './activity-calls.js';
import { activities, localActivities } from './activity-options.js';
import { describeFailure, type FailureDescription } from './describe-failure.js';
import { isEvicted } from './eviction.js';

export interface Unless {
  /** When this fails too, its error is the reason why the look-up failed. */
  unless?: Promise<unknown> | undefined;
}

interface LookUpOptions extends Unless {
  summary: string;
  as: string;
  /** Hears of the first failure, before the look-up becomes an ordinary activity. */
  onRetry(failure: FailureDescription): void;
}

/** Between two look-ups of a poll; each pause is twice the one before. */
const FIRST_PAUSE_MS = durationMs('2 seconds');
const LONGEST_PAUSE_MS = durationMs('1 minute');

/** Looks something up: inside the workflow task while the cloud answers, as an ordinary activity, visible in Temporal, once it does not. */
export async function lookUp<N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
  { unless, ...options }: LookUpOptions,
): Promise<StepResult<ActivityResult<N>>> {
  try {
    return await lookUpTwice(name, input, options);
  } catch (error) {
    await unless;
    throw error;
  }
}

async function lookUpTwice<N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
  { summary, as, onRetry }: LookUpOptions,
): Promise<StepResult<ActivityResult<N>>> {
  const options = { summary: short(summary) };
  try {
    return await call(localActivities, name, input, options);
  } catch (error) {
    const failure = describeFailure(error);
    if (!failure.retryable && !isEvicted(error)) throw error;
    onRetry(failure);
    const done = await call(activities, name, input, { ...options, activityId: as });
    return { ...done, attempts: done.attempts + 1, lastError: done.lastError ?? failure.message };
  }
}

/** Looks up again and again, until there is something else than null, or the time is over. */
export async function lookUpUntil<N extends ActivityName>(
  name: N,
  input: ActivityInput<N>,
  { within, ...options }: LookUpOptions & { within: string },
): Promise<StepResult<NonNullable<ActivityResult<N>> | undefined>> {
  const end = Date.now() + durationMs(within);
  let apiCalls = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const done = await lookUp(name, input, options);
    apiCalls += done.apiCalls;
    const result = done.result ?? undefined;
    const left = end - Date.now();
    if (result !== undefined || left <= 0) return { ...done, result, apiCalls };
    await sleep(Math.min(pause, left), { summary: `Until ${options.as} is asked again` });
  }
}

import type { Duration } from '@temporalio/common';
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { StepResult } from '../../contract/steps.js';
import type { Activities } from '../../activities/index.js';

/** The activities that are steps: those that return a `StepResult`. */
export type ActivityName = {
  [N in keyof Activities]: Awaited<ReturnType<Activities[N]>> extends StepResult<unknown> ? N : never;
}[keyof Activities];
export type ActivityInput<N extends ActivityName> = Parameters<Activities[N]>[0];
export type ActivityResult<N extends ActivityName> =
  Awaited<ReturnType<Activities[N]>> extends StepResult<infer R> ? R : never;

/** The name of a step in the status: its activity, or another name where one activity does several steps. */
export type StepName =
  | ActivityName
  | 'awaitBackup'
  | 'awaitMachine'
  | 'findCustomer'
  | 'grace'
  | 'updatePartners'
  | `disableApplication:${string}`;

type Proxy = Record<string, { executeWithOptions(options: object, args: unknown[]): Promise<unknown> }>;

/** A large file may take long. Its worker is known to live by its heartbeats, and its cloud by what arrives. */
const timeLimits: Partial<Record<ActivityName, Duration>> = { keepReport: '1 hour' };

/** Calls an activity by name, with options for this call only. */
export function call<N extends ActivityName>(
  proxy: object,
  name: N,
  spec: ActivityInput<N>,
  options: object,
): Promise<StepResult<ActivityResult<N>>> {
  const limit = timeLimits[name];
  const all = limit === undefined ? options : { ...options, startToCloseTimeout: limit };
  return (proxy as Proxy)[name]!.executeWithOptions(all, [spec]) as Promise<StepResult<ActivityResult<N>>>;
}

/** True for a result that says itself who created the object. */
export function hasOwnership(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'ownership' in result;
}

/**
 * True when a local activity ended as cancelled although nobody cancelled the run: the worker has evicted the run from
 * its cache, which can happen at any time.
 */
export function isEvicted(error: unknown): boolean {
  return isCancellation(error) && !CancellationScope.current().consideredCancelled;
}

/** Repeats a local activity that ended because of an eviction. */
export async function retryOnEviction<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isEvicted(error)) throw error;
    }
  }
}

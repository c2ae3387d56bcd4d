import type { StepResult } from '../../contract/steps.js';
import type { Activities } from '../../activities/index.js';

/** The activities that are steps: those that answer what they did. */
export type ActivityName = {
  [N in keyof Activities]: Awaited<ReturnType<Activities[N]>> extends StepResult<unknown> ? N : never;
}[keyof Activities];
export type ActivityInput<N extends ActivityName> = Parameters<Activities[N]>[0];
export type ActivityResult<N extends ActivityName> =
  Awaited<ReturnType<Activities[N]>> extends StepResult<infer R> ? R : never;

/** What a step can be called in a status: as its activity, or as the operation calls it where one activity does several steps. */
export type StepName = ActivityName | 'findCustomer' | 'grace' | 'updatePartners' | `disableApplication:${string}`;

type Proxy = Record<string, { executeWithOptions(options: object, args: unknown[]): Promise<unknown> }>;

/** Calls an activity by its name, with options of this call alone. */
export function call<N extends ActivityName>(
  proxy: object,
  name: N,
  spec: ActivityInput<N>,
  options: object,
): Promise<StepResult<ActivityResult<N>>> {
  return (proxy as Proxy)[name]!.executeWithOptions(options, [spec]) as Promise<StepResult<ActivityResult<N>>>;
}

/** True of a result that says itself whether this run has made it. */
export function saysOwnership(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'ownership' in result;
}

/** Temporal keeps at most 400 bytes of a summary; names of customers can be longer. */
export function short(summary: string): string {
  return summary.length <= 100 ? summary : `${summary.slice(0, 99)}…`;
}

import type { Done } from '../../contract/steps.js';
import type { Activities } from '../../activities/index.js';

/** The activities that are steps: those that answer what they did. */
export type Name = {
  [N in keyof Activities]: Awaited<ReturnType<Activities[N]>> extends Done<unknown> ? N : never;
}[keyof Activities];
export type Spec<N extends Name> = Parameters<Activities[N]>[0];
export type Result<N extends Name> = Awaited<ReturnType<Activities[N]>> extends Done<infer R> ? R : never;

type Proxy = Record<string, { executeWithOptions(options: object, args: unknown[]): Promise<unknown> }>;

/** Calls an activity by its name, with options of this call alone. */
export function call<N extends Name>(proxy: object, name: N, spec: Spec<N>, options: object): Promise<Done<Result<N>>> {
  return (proxy as Proxy)[name]!.executeWithOptions(options, [spec]) as Promise<Done<Result<N>>>;
}

/** True of a result that says itself whether this run has made it. */
export function tellsWhose(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'ownership' in result;
}

import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import type { DryRun } from '../activities/dry-run.js';
import type { ActivityName, ActivityResult, ActivityInput } from '../workflows/kernel/activity-calls.js';
import { FailureType } from '../contract/failures.js';
import { traitsOf } from '../workflows/kernel/step-table.js';

/** What a step would do now: nothing, because it is done with this result, or these calls. */
export type StepPreview<R> = { done: true; result: R } | { done: false; calls: string[]; fingerprint?: string };

/** An activity with its dry run. */
interface DryRunnable<N extends ActivityName> {
  dry(spec: ActivityInput<N>): Promise<DryRun<ActivityResult<N>>>;
}

/** Looks something up, and reports the calls. */
export async function previewLookUp<N extends ActivityName>(activities: Activities, name: N, spec: ActivityInput<N>) {
  const previewed = await dryRun(activities, name, spec);
  if (previewed.done) return previewed;
  throw new Error(`${name} is used as a look-up but changes something`);
}

/** Runs the activity of a step up to its first change. */
export async function previewStep<N extends ActivityName>(
  activities: Activities,
  name: N,
  spec: ActivityInput<N>,
): Promise<StepPreview<ActivityResult<N>>> {
  // an earlier run may have created it, and the run would find it by its mark
  const looksFirst = 'mark' in spec && 'look' in spec && !spec.look;
  const previewed = await dryRun(activities, name, looksFirst ? { ...spec, look: true } : spec);
  if (previewed.done) return previewed;
  const { reads, change } = previewed;
  return {
    done: false,
    calls: callsOf(name, looksFirst ? [] : reads, change?.route),
    ...(change && { fingerprint: change.fingerprint }),
  };
}

async function dryRun<N extends ActivityName>(
  activities: Activities,
  name: N,
  spec: ActivityInput<N>,
): Promise<DryRun<ActivityResult<N>>> {
  return await (activities[name] as unknown as DryRunnable<N>).dry(spec);
}

/** The reads, the first change, and the calls that follow on success. */
function callsOf(name: ActivityName, reads: readonly string[], change: string | undefined): string[] {
  const { calls = [] } = traitsOf(name);
  if (change === undefined) return [...calls];
  const rest = calls.includes(change) ? calls.slice(calls.indexOf(change) + 1) : [];
  return [...reads, change, ...rest];
}

/** One of the tenants of a step for many. */
type OneOfMany<N extends ActivityName> = ActivityInput<N> & { name: string };

export interface EachPreview {
  outcomes: ('updated' | 'unchanged' | 'refused')[];
  fingerprints: (string | undefined)[];
  /** The calls for a member that would change; absent when none would. */
  calls?: string[];
  /** Which members would be refused, and why. */
  warnings: string[];
}

/** Previews a step for each member, `atOnce` at a time. */
export async function previewEach<N extends ActivityName>(
  activities: Activities,
  name: N,
  { members, atOnce }: { members: readonly OneOfMany<N>[]; atOnce: number },
): Promise<EachPreview> {
  const many: EachPreview = { outcomes: [], fingerprints: [], warnings: [] };
  for (let from = 0; from < members.length; from += atOnce) {
    const some = members.slice(from, from + atOnce);
    const previewed = await Promise.all(some.map(async (member) => await previewMember(activities, name, member)));
    for (const one of previewed)
      if ('refused' in one) {
        many.outcomes.push('refused');
        many.warnings.push(one.refused);
      } else {
        many.outcomes.push(one.done ? 'unchanged' : 'updated');
        if (one.done) continue;
        many.calls ??= one.calls;
        many.fingerprints.push(one.fingerprint);
      }
  }
  return many;
}

async function previewMember<N extends ActivityName>(activities: Activities, name: N, member: OneOfMany<N>) {
  try {
    return await previewStep(activities, name, member);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { refused: `${JSON.stringify(member.name)} would be refused: ${error.message}` };
  }
}

/** Failures that say nothing about the order; the plan must be repeated later. */
const cloudFailures: readonly string[] = [
  FailureType.Unavailable,
  FailureType.Throttled,
  FailureType.Credentials,
  FailureType.Unreadable,
  FailureType.Internal,
];

/** True for an error that means: this order cannot be done now. */
export function isRefusal(error: unknown): error is ApplicationFailure {
  return error instanceof ApplicationFailure && !cloudFailures.includes(error.type ?? '');
}

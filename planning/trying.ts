import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import type { DryRun } from '../activities/dry-run.js';
import type { ActivityName, ActivityResult, ActivityInput } from '../workflows/kernel/activity-calls.js';
import { FailureType } from '../contract/failures.js';
import { factsOf } from '../workflows/kernel/step-table.js';

/** What a step would do now: nothing, because it is already done with this result, or these calls. */
export type Tried<R> = { done: true; result: R } | { done: false; calls: string[]; fingerprint?: string };

/** What an activity can do without Temporal. */
interface Outside<N extends ActivityName> {
  dry(spec: ActivityInput<N>): Promise<DryRun<ActivityResult<N>>>;
}

/** Looks something up, and says with which calls. */
export async function tryLook<N extends ActivityName>(activities: Activities, name: N, spec: ActivityInput<N>) {
  const looked = await dryRun(activities, name, spec);
  if (looked.done) return looked;
  throw new Error(`${name} is used as a look, but changes something`);
}

/** Has a step done by its own activity, up to the first change. */
export async function tryStep<N extends ActivityName>(
  activities: Activities,
  name: N,
  spec: ActivityInput<N>,
): Promise<Tried<ActivityResult<N>>> {
  // an earlier run may have made it, and the run would find that by the mark
  const looksMore = 'mark' in spec && 'look' in spec && !spec.look;
  const tried = await dryRun(activities, name, looksMore ? { ...spec, look: true } : spec);
  if (tried.done) return tried;
  const { reads, change } = tried;
  return {
    done: false,
    calls: callsOf(name, looksMore ? [] : reads, change?.route),
    ...(change && { fingerprint: change.fingerprint }),
  };
}

async function dryRun<N extends ActivityName>(
  activities: Activities,
  name: N,
  spec: ActivityInput<N>,
): Promise<DryRun<ActivityResult<N>>> {
  return await (activities[name] as unknown as Outside<N>).dry(spec);
}

/** What it has read, the first change, and what comes after that when all goes well. */
function callsOf(name: ActivityName, reads: readonly string[], change: string | undefined): string[] {
  const { calls = [] } = factsOf(name);
  if (change === undefined) return [...calls];
  const rest = calls.includes(change) ? calls.slice(calls.indexOf(change) + 1) : [];
  return [...reads, change, ...rest];
}

/** One of many tenants for which a step is made. */
type Member<N extends ActivityName> = ActivityInput<N> & { name: string };

export interface TriedMany {
  outcomes: ('updated' | 'unchanged' | 'refused')[];
  fingerprints: (string | undefined)[];
  /** What it would call for those who would change; absent when nobody would. */
  calls?: string[];
  /** Who would be refused, and why; that stops no other. */
  warnings: string[];
}

/** The same for each of many, so many at once. */
export async function tryEach<N extends ActivityName>(
  activities: Activities,
  name: N,
  { members, atOnce }: { members: readonly Member<N>[]; atOnce: number },
): Promise<TriedMany> {
  const many: TriedMany = { outcomes: [], fingerprints: [], warnings: [] };
  for (let from = 0; from < members.length; from += atOnce) {
    const some = members.slice(from, from + atOnce);
    const tried = await Promise.all(some.map(async (member) => await tryMember(activities, name, member)));
    for (const one of tried)
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

async function tryMember<N extends ActivityName>(activities: Activities, name: N, member: Member<N>) {
  try {
    return await tryStep(activities, name, member);
  } catch (error) {
    if (!refuses(error)) throw error;
    return { refused: `${JSON.stringify(member.name)} would be refused: ${error.message}` };
  }
}

/** Says nothing of the order: whoever asks must come again. */
const ofTheCloud: readonly string[] = [
  FailureType.Unavailable,
  FailureType.Throttled,
  FailureType.Credentials,
  FailureType.Unreadable,
  FailureType.Internal,
];

/** True for an error that says of the order that it cannot be done now. */
export function refuses(error: unknown): error is ApplicationFailure {
  return error instanceof ApplicationFailure && !ofTheCloud.includes(error.type ?? '');
}

import { createHash } from 'node:crypto';
import type { PendingCall } from '../acronis/index.js';
import type { ActivityDependencies, Attempt, Found, Safe } from './attempt.js';
import { toFailure, type AttemptMemory } from './failures.js';
import { HeldBack } from './holding-back.js';

type Act<Spec, Result> = (spec: Spec, attempt: Attempt) => Promise<Found<Result>>;

/** What an activity would do now. `reads` are the routes that it has called, each once, in the order of their first call. */
export type DryRun<Result> = { reads: string[] } & ({ done: true; result: Result } | { done: false; change?: Change });

/** The first call that would change something; absent where that is no call to the cloud. `fingerprint` is equal for equal calls. */
export interface Change {
  route: string;
  fingerprint: string;
}

/**
 * Does what an activity does, without Temporal and once, up to the first thing that would change anything: what only reads is sent, the change is not. Fails as the
 * activity does when it refuses.
 */
export function dryOutside<Spec extends { cloud: string }, Result>(
  dependencies: ActivityDependencies,
  act: Act<Spec, Result>,
) {
  return async (spec: Spec): Promise<DryRun<Result>> => {
    const reads = new Set<string>();
    const changes: { change?: Change }[] = [];
    const holdBack = (change: { change?: Change }) => {
      changes.push(change);
      throw new HeldBack();
    };
    const beforeCall = (call: PendingCall) => {
      if (call.changes) holdBack({ change: { route: call.route, fingerprint: fingerprint(call) } });
      reads.add(call.route);
    };
    const acronis = dependencies.cloud(spec.cloud).forAttempt({ beforeCall });
    const safe = dependencies.safe && onlyReading(dependencies.safe, () => holdBack({}));
    const memory: AttemptMemory = { apiCalls: 0, failures: {} };
    try {
      const { result } = await act(spec, attemptOf(dependencies, { acronis, safe, memory }));
      if (changes.length === 0) return { reads: [...reads], done: true, result };
    } catch (error) {
      // whatever the act makes of a change that was held back, it would have been made
      if (changes.length === 0) throw toFailure(error, memory, { attempt: 1, now: 0, againMs: 0 });
    }
    return { reads: [...reads], done: false, ...changes[0] };
  };
}

/** Of a digest nobody learns a secret, and none is read for a plan. */
function fingerprint({ route, id, query, json }: PendingCall): string {
  const call = JSON.stringify([route, id, query, json], (_name, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return createHash('sha256').update(call).digest('hex');
}

function onlyReading(safe: Safe, holdBack: () => never): Safe {
  return {
    get: async (name) => await safe.get(name),
    put: async () => holdBack(),
    remove: async () => holdBack(),
  };
}

function attemptOf({ secret }: ActivityDependencies, bound: Pick<Attempt, 'acronis' | 'safe' | 'memory'>): Attempt {
  return {
    ...bound,
    secret,
    first: true,
    earlier: 0,
    unsure: false,
    unheard: false,
    orderedAt: Date.now(),
    remember: () => undefined,
    memoryKept: async () => undefined,
    pause: async () => undefined,
    lookAgainMs: 0,
  };
}

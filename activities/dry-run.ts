import { createHash } from 'node:crypto';
import type { PendingCall } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { MakerUnknown } from '../contract/steps.js';
import type { ActivityDependencies, Attempt, Outcome, StepSecretStore } from './attempt.js';
import { refuse, toFailure, type AttemptMemory } from './failures.js';

type Act<Spec, Result> = (spec: Spec, attempt: Attempt) => Promise<Outcome<Result>>;

/**
 * What an activity would do now. `reads` are the routes that it called, each once, in the order of their first call.
 */
export type DryRun<Result> = { reads: string[] } & ({ done: true; result: Result } | { done: false; change?: Change });

/** The first call that would change something. `fingerprint` is equal for equal calls. */
export interface Change {
  route: string;
  fingerprint: string;
}

/**
 * Runs an activity once, without Temporal, up to its first change: calls that only read are sent, the change is not.
 * Fails as the activity fails when it refuses.
 */
export function dryRunOf<Spec extends { cloud: string }, Result>(
  dependencies: ActivityDependencies,
  act: Act<Spec, Result>,
) {
  return async (spec: Spec): Promise<DryRun<Result>> => {
    const reads = new Set<string>();
    const changes: { change?: Change }[] = [];
    const prevent = (change: { change?: Change }) => {
      changes.push(change);
      throw new ChangePrevented();
    };
    const beforeCall = (call: PendingCall) => {
      if (call.changes) prevent({ change: { route: call.route, fingerprint: fingerprint(call) } });
      reads.add(call.route);
    };
    const acronis = dependencies.cloud(spec.cloud).forAttempt({ beforeCall });
    const secretStore = dependencies.secretStore && readOnly(dependencies.secretStore, () => prevent({}));
    const memory: AttemptMemory = { apiCalls: 0, failures: {} };
    try {
      const { result } = await act(spec, attemptOf(dependencies, { acronis, secretStore, memory }));
      if (changes.length === 0) return { reads: [...reads], done: true, result };
    } catch (error) {
      // the activity may have caught our exception: it would have made the change all the same
      if (changes.length === 0) throw toFailure(error, memory, { attempt: 1, scheduledAt: 0, now: 0, againMs: 0 });
    }
    return { reads: [...reads], done: false, ...changes[0] };
  };
}

/** A digest shows no secret; a plan reads none either. */
function fingerprint({ route, id, query, json }: PendingCall): string {
  const call = JSON.stringify([route, id, query, json], (_name, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return createHash('sha256').update(call).digest('hex');
}

function readOnly(store: StepSecretStore, prevent: () => never): StepSecretStore {
  return {
    check: async () => await store.check(),
    read: async (name) => await store.read(name),
    put: async () => prevent(),
    remove: async () => prevent(),
  };
}

function attemptOf(
  { secret }: ActivityDependencies,
  bound: Pick<Attempt, 'acronis' | 'secretStore' | 'memory'>,
): Attempt {
  return {
    ...bound,
    secret,
    earlierAttempts: 0,
    mayHaveActed: false,
    triedBefore: false,
    lostAttempt: false,
    orderedAt: Date.now(),
    now: Date.now,
    remember: () => undefined,
    waitUntilRemembered: async () => undefined,
    pause: async () => undefined,
    lookAgainMs: 0,
  };
}

/** Thrown in place of a change that must not be made. */
class ChangePrevented extends Error {}

const why: Readonly<Record<MakerUnknown, string>> = {
  cancelled: 'was cancelled between two tries',
  reset: 'was perhaps done before the run was reset',
};
const unknownMaker =
  'so nobody knows whether this run or somebody else has done it: look at it, and take it back by hand if it is not wanted';

interface UndoSpec {
  cloud: string;
  /** The step whose maker nobody knows. */
  makerUnknown?: string;
  /** Absent in tasks of earlier versions. */
  unknownBecause?: MakerUnknown;
}

interface ChangeGuard {
  watch: { beforeCall?: (call: PendingCall) => void };
  around<T>(act: () => Promise<T>): Promise<T>;
}

/**
 * Stops an undo at its first change, with `Tenantry.Unexpected`, when nobody knows whether this run made what the undo
 * would remove. Reading is allowed.
 */
export function changeGuard({ makerUnknown: step, unknownBecause = 'cancelled' }: UndoSpec): ChangeGuard {
  if (step === undefined) return { watch: {}, around: async (act) => await act() };
  let held = false;
  const refusal = () => refuse(FailureType.Unexpected, `${step} ${why[unknownBecause]}, ${unknownMaker}`);
  const beforeCall = ({ changes, readOnly }: PendingCall) => {
    if (!changes || readOnly === true) return;
    held = true;
    throw new ChangePrevented();
  };
  return {
    watch: { beforeCall },
    async around(act) {
      // the undo may have caught our exception
      const result = await act().catch((error: unknown) => {
        throw held ? refusal() : error;
      });
      if (held) throw refusal();
      return result;
    },
  };
}

import { FailureType } from '../contract/failures.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found, type Safe } from './attempt.js';
import { refuse } from './failures.js';

/** The name under which a secret was set aside; null when there was none. */
interface SetAside {
  aside: string | null;
}

interface Named {
  cloud: string;
  /** Name of a secret in the store. */
  secret: string;
}

/** The worker's secret store; fails with `Tenantry.Secret` where none is configured. */
export function safeOf(safe: Safe | undefined): Safe {
  if (safe !== undefined) return safe;
  throw refuse(
    FailureType.Secret,
    'this worker keeps no secrets: start it with TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS, then retry',
  );
}

export function createSafeActivities(dependencies: ActivityDependencies) {
  return {
    /** Whether this worker can keep a secret at all. Fails with `Tenantry.Secret` otherwise. */
    checkSafe: activity(dependencies, patience.look, async (_spec: { cloud: string }, { safe }) => {
      safeOf(safe);
      return { result: null };
    }),
    /**
     * Keeps a secret that is about to be replaced, as `<name>.previous`, and tells that name; null when there is no secret. Safe to repeat, as
     * long as it has not been replaced.
     */
    setSecretAside: activity(dependencies, patience.change, setSecretAside),
    /**
     * Puts the secret that this run has set aside back in its place. Until it has, the secret has not been replaced, and what is called
     * `<name>.previous` may be an older run's. Safe to repeat.
     */
    bringSecretBack: activity(dependencies, patience.undo, bringSecretBack),
  };
}

async function setSecretAside({ secret }: Named, attempt: Attempt): Promise<Found<SetAside>> {
  const safe = safeOf(attempt.safe);
  const value = await safe.get(secret);
  if (value === undefined) await safe.remove(previous(secret));
  else await safe.put(previous(secret), value);
  // that is no difference yet
  return { result: { aside: value === undefined ? null : previous(secret) }, changed: false };
}

async function bringSecretBack(
  { secret, came }: Named & { came: SetAside | null; unsure: boolean },
  { memory, remember, ...attempt }: Attempt,
): Promise<Found<UndoOutcome>> {
  const aside = came?.aside ?? null;
  if (aside === null) return { result: { undone: false, leftovers: [] } };
  const safe = safeOf(attempt.safe);
  const value = await safe.get(aside);
  if (value !== undefined) {
    if ((await safe.get(secret)) !== value) {
      memory.removing = true;
      remember();
      await safe.put(secret, value);
    }
    await safe.remove(aside);
  }
  return { result: { undone: memory.removing === true, leftovers: [] } };
}

function previous(secret: string): string {
  return `${secret}.previous`;
}

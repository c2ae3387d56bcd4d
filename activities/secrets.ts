import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, SecretStore } from './attempt.js';
import { refuse } from './failures.js';
import { beginUndo, nothingToUndo, outcomeSoFar, type StepToUndo, type UndoResult } from './undo.js';

/** The name under which a secret was set aside; null when there was no secret. */
interface SetAside {
  aside: string | null;
}

interface SecretSpec {
  cloud: string;
  /** The name of a secret in the store. */
  secret: string;
}

/** The worker's secret store; fails with `Tenantry.Secret` where none is configured. */
export function requireSecretStore({ secretStore }: Pick<Attempt, 'secretStore'>): SecretStore {
  if (secretStore !== undefined) return secretStore;
  throw refuse(
    FailureType.Secret,
    'this worker keeps no secrets: start it with TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS, then retry',
  );
}

export function createSecretActivities(dependencies: ActivityDependencies) {
  return {
    /** Fails with `Tenantry.Secret` when this worker has no secret store. */
    checkSafe: activity.look(dependencies, async (_spec: { cloud: string }, attempt) => {
      requireSecretStore(attempt);
      return { result: null };
    }),
    /**
     * Copies a secret that will be replaced to `<name>.previous`, and answers that name; null when there is no secret.
     * Safe to repeat while the secret has not been replaced.
     */
    setSecretAside: activity.change(dependencies, setSecretAside),
    /**
     * Puts back the secret that this run has set aside. It does nothing when this run has set none aside:
     * `<name>.previous` may then belong to an older run. Safe to repeat.
     */
    bringSecretBack: activity.undo(dependencies, bringSecretBack),
  };
}

async function setSecretAside({ secret }: SecretSpec, attempt: Attempt): Promise<Outcome<SetAside>> {
  const store = requireSecretStore(attempt);
  const value = await store.get(secret);
  if (value === undefined) await store.remove(previous(secret));
  else await store.put(previous(secret), value);
  // setting a secret aside does not count as a change
  return { result: { aside: value === undefined ? null : previous(secret) }, changed: false };
}

async function bringSecretBack(
  { secret, came }: SecretSpec & StepToUndo & { came: SetAside | null },
  attempt: Attempt,
): Promise<UndoResult> {
  const aside = came?.aside ?? null;
  if (aside === null) return { result: nothingToUndo() };
  const store = requireSecretStore(attempt);
  const value = await store.get(aside);
  if (value !== undefined) {
    if ((await store.get(secret)) !== value) {
      beginUndo(attempt);
      await store.put(secret, value);
    }
    await store.remove(aside);
  }
  return { result: outcomeSoFar(attempt) };
}

function previous(secret: string): string {
  return `${secret}.previous`;
}

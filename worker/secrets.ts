import { refuse } from '../activities/failures.js';
import { FailureType } from '../contract/failures.js';
import { createSecretReader, isPlaceKnown, type SecretSources } from '../vault/index.js';

/** Reads the secrets that inputs refer to. Fails with `Tenantry.Secret`, which never says what was found. */
export function secretReader(sources: SecretSources): (reference: string) => Promise<string> {
  const read = createSecretReader(sources, 'worker');
  return async (reference) =>
    await read(reference).catch((error: unknown) => {
      throw refuse(FailureType.Secret, (error as Error).message);
    });
}

/**
 * Answers whether a secret can be read, for a machine that has the settings of the workers or some of them. False when
 * only a worker can say; fails with `Tenantry.Secret` when the place is known here and the secret is not in it.
 */
export function secretProbe(sources: SecretSources): (reference: string) => Promise<boolean> {
  const read = secretReader(sources);
  return async (reference) => {
    if (!isPlaceKnown(reference, sources)) return false;
    await read(reference);
    return true;
  };
}

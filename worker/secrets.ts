import { refuse } from '../activities/failures.js';
import { requireSecretStore } from '../activities/stored-secrets.js';
import { openSecretStore, type KeyRing, type SecretStore } from '../vault/index.js';
import { FailureType } from '../contract/failures.js';
import { readSecretFile } from './secret-files.js';

interface SecretSources {
  secretsDir: string | undefined;
  secretFromEnvironment(name: string): string | undefined;
  secretStore: string | undefined;
  keys: KeyRing | undefined;
}

/**
 * Reads the secrets that inputs refer to: `env:NAME` is the variable TENANTRY_SECRET_NAME, `file:NAME` a file of at most
 * 64 KiB that is really in the folder TENANTRY_SECRETS_DIR, `store:NAME` a secret of the store. Nothing else can be named. Fails with
 * `Tenantry.Secret`, which says where it looked, never what it found.
 */
export function secretReader({
  secretsDir,
  secretFromEnvironment,
  secretStore,
  keys,
}: SecretSources): (reference: string) => Promise<string> {
  return async (reference) => {
    const [, source, name] = /^(env|file|store):([A-Za-z0-9_.-]+)$/.exec(reference) ?? [];
    if (name === undefined || name.startsWith('.'))
      throw refuse(FailureType.Secret, `${reference} is not a secret reference`);
    if (source === 'env')
      return required(secretFromEnvironment(name), `the variable TENANTRY_SECRET_${name} is not set`);
    if (source === 'store') return await readStored(name, configuredSecretStore({ secretStore, keys }));
    if (secretsDir === undefined)
      throw refuse(FailureType.Secret, 'TENANTRY_SECRETS_DIR is not set on this worker: set it, then retry');
    const content = await readSecretFile(secretsDir, name).catch((error: unknown) => {
      const problem = (error as Error).message;
      throw refuse(FailureType.Secret, `the file ${name} in TENANTRY_SECRETS_DIR ${problem} on this worker`);
    });
    return required(content, `the file ${name} in TENANTRY_SECRETS_DIR is empty`);
  };
}

/**
 * Answers whether a secret can be read, for a machine that has the settings of the workers or some of them. False when
 * only a worker can say; fails with `Tenantry.Secret` when the place is known here and the secret is not in it.
 */
export function secretProbe(sources: SecretSources): (reference: string) => Promise<boolean> {
  const { secretsDir, secretFromEnvironment } = sources;
  const read = secretReader(sources);
  const isKnown = (source: string | undefined, name = '') => {
    if (source === 'env') return Boolean(secretFromEnvironment(name));
    if (source === 'store') return configuredSecretStore(sources) !== undefined;
    return secretsDir !== undefined;
  };
  return async (reference) => {
    if (!isKnown(...(reference.split(':') as [string, string]))) return false;
    await read(reference);
    return true;
  };
}

async function readStored(name: string, secretStore: SecretStore | undefined): Promise<string> {
  const stored = await requireSecretStore({ secretStore })
    .read(name)
    .catch((error: unknown) => {
      throw refuse(FailureType.Secret, (error as Error).message);
    });
  return required(
    stored?.value,
    `there is no secret ${name} in the store ("tenantry secret put ${name}" puts one there)`,
  );
}

function required(value: string | undefined, missing: string): string {
  if (value === undefined || value === '') throw refuse(FailureType.Secret, `${missing} on this worker`);
  return value;
}

/** The store for secrets that this worker receives; undefined when TENANTRY_SECRETS_STORE is not set. */
export function configuredSecretStore({
  secretStore,
  keys,
}: Pick<SecretSources, 'secretStore' | 'keys'>): SecretStore | undefined {
  return secretStore === undefined || keys === undefined ? undefined : openSecretStore(secretStore, keys);
}

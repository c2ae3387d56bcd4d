import type { KeyRing } from './keys.js';
import { readSecretFile } from './secret-files.js';
import { openSecretStore, type SecretStore } from './secret-store.js';

/** Where a process finds the secrets that it may read. */
export interface SecretSources {
  secretsDir: string | undefined;
  secretFromEnvironment(name: string): string | undefined;
  secretStore: string | undefined;
  keys: KeyRing | undefined;
}

/** What reads: the messages name it. */
export type SecretHolder = 'worker' | 'gateway' | 'machine';

/**
 * Reads secrets by reference: `env:NAME` is the variable TENANTRY_SECRET_NAME, `file:NAME` a file of at most 64 KiB that
 * is really in the folder TENANTRY_SECRETS_DIR, `store:NAME` a secret of the store. Nothing else can be named. Rejects
 * with an error that says where it looked, never what it found.
 */
export function createSecretReader(
  sources: SecretSources,
  holder: SecretHolder,
): (reference: string) => Promise<string> {
  const { secretsDir, secretFromEnvironment } = sources;
  const required = (value: string | undefined, missing: string): string => {
    if (value === undefined || value === '') throw new Error(`${missing} on this ${holder}`);
    return value;
  };
  return async (reference) => {
    const [, source, name] = /^(env|file|store):([A-Za-z0-9_.-]+)$/.exec(reference) ?? [];
    if (name === undefined || name.startsWith('.')) throw new Error(`${reference} is not a secret reference`);
    if (source === 'env')
      return required(secretFromEnvironment(name), `the variable TENANTRY_SECRET_${name} is not set`);
    if (source === 'store')
      return required(
        await readStored(name, sources, holder),
        `there is no secret ${name} in the store ("tenantry secret put ${name}" puts one there)`,
      );
    if (secretsDir === undefined)
      throw new Error(`TENANTRY_SECRETS_DIR is not set on this ${holder}: set it, then retry`);
    const content = await readSecretFile(secretsDir, name).catch((error: unknown) => {
      throw new Error(`the file ${name} in TENANTRY_SECRETS_DIR ${(error as Error).message} on this ${holder}`);
    });
    return required(content, `the file ${name} in TENANTRY_SECRETS_DIR is empty`);
  };
}

/** False where the place to which a reference leads is not configured here: then only another machine can say. */
export function isPlaceKnown(reference: string, sources: SecretSources): boolean {
  const [source, name = ''] = reference.split(':');
  if (source === 'env') return Boolean(sources.secretFromEnvironment(name));
  if (source === 'store') return configuredSecretStore(sources) !== undefined;
  return sources.secretsDir !== undefined;
}

/** The store for secrets of this process; undefined when TENANTRY_SECRETS_STORE is not set. */
export function configuredSecretStore({
  secretStore,
  keys,
}: Pick<SecretSources, 'secretStore' | 'keys'>): SecretStore | undefined {
  return secretStore === undefined || keys === undefined ? undefined : openSecretStore(secretStore, keys);
}

async function readStored(name: string, sources: SecretSources, holder: SecretHolder): Promise<string | undefined> {
  const store = configuredSecretStore(sources);
  if (store === undefined)
    throw new Error(
      `this ${holder} keeps no secrets: start it with TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS, then retry`,
    );
  return (await store.read(name))?.value;
}

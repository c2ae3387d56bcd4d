import {
  configuredSecretStore,
  secretReadings,
  type SecretReadings,
  type SecretSources,
  type SecretStore,
} from '../../vault/index.js';

/** The secret store that the gateway shares with the workers, and who has read it. */
export interface SharedSecrets {
  store: Pick<SecretStore, 'read'>;
  readings: SecretReadings;
}

/** Undefined when this gateway reads no secret store. */
export function sharedSecrets(sources: Pick<SecretSources, 'secretStore' | 'keys'>): SharedSecrets | undefined {
  const store = configuredSecretStore(sources);
  return store && sources.secretStore !== undefined
    ? { store, readings: secretReadings(sources.secretStore) }
    : undefined;
}

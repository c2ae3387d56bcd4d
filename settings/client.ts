import { loadClientConnectConfig } from '@temporalio/envconfig';
import { type KeyRing } from '../vault/index.js';
import { readEnvironment, readKeys } from './environment.js';
import type { Environment } from './named.js';
import { TenantryError } from '../contract/errors.js';

export interface ClientSettings {
  temporal: ReturnType<typeof loadClientConnectConfig>;
  address: string;
  namespace: string;
  taskQueue: string;
  /** What encrypts histories and stored secrets. */
  keys: KeyRing | undefined;
  /** Folder of the encrypted secret store. */
  secretStore: string | undefined;
}

/** Reads `.env` of the current folder and the environment, which wins. */
export function loadClientSettings(given?: Environment): ClientSettings {
  const environment = readEnvironment(given);
  const problems: string[] = [];
  const keys = readKeys(environment, problems);
  if (problems.length > 0) throw new TenantryError('refused', problems.join('\n'));
  try {
    const temporal = loadClientConnectConfig({ overrideEnvVars: environment });
    return {
      temporal,
      address: temporal.connectionOptions.address ?? '127.0.0.1:7233',
      namespace: temporal.namespace ?? 'default',
      taskQueue: environment['TENANTRY_TASK_QUEUE'] ?? 'tenantry',
      keys,
      secretStore: environment['TENANTRY_SECRETS_STORE'],
    };
  } catch (error) {
    throw new TenantryError('refused', `The Temporal settings cannot be used: ${(error as Error).message}`);
  }
}

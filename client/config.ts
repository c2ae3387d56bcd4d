import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readEnvironment, readKeys, type Environment, type KeyRing } from '../vault/index.js';
import { ClientError, Exit } from './errors.js';

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
  if (problems.length > 0) throw new ClientError(problems.join('\n'), Exit.refused);
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
    throw new ClientError(`The Temporal settings cannot be used: ${(error as Error).message}`, Exit.refused);
  }
}

import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ClientError, Exit } from './errors.js';

export interface ClientSettings {
  temporal: ReturnType<typeof loadClientConnectConfig>;
  address: string;
  namespace: string;
  taskQueue: string;
}

/** Reads `.env` of the current folder and the environment, which wins. */
export function loadClientSettings(environment: NodeJS.ProcessEnv = readEnvironment()): ClientSettings {
  const given = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  try {
    const temporal = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(given) });
    return {
      temporal,
      address: temporal.connectionOptions.address ?? '127.0.0.1:7233',
      namespace: temporal.namespace ?? 'default',
      taskQueue: environment['TENANTRY_TASK_QUEUE'] ?? 'tenantry',
    };
  } catch (error) {
    throw new ClientError(`The Temporal settings cannot be used: ${(error as Error).message}`, Exit.refused);
  }
}

function readEnvironment(): NodeJS.ProcessEnv {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return { ...file, ...process.env };
}

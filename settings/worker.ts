import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readArtefacts, type ArtefactSettings } from './artefacts.js';
import { cloudsInFile, readClouds, type CloudSettings } from './clouds.js';
import { type KeyRing } from '../vault/index.js';
import { readEnvironment, readKeys } from './environment.js';
import type { Environment } from './named.js';
import { readNotices, type NoticeSettings } from './notices.js';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface WorkerSettings {
  temporal: ReturnType<typeof loadClientConnectConfig>;
  namespace: string;
  taskQueue: string;
  /** `development` unless TENANTRY_ENV says otherwise; part of every mark. */
  environment: string;
  /** With one, a run stays with the workers of the version that began it; without, any worker goes on with any run. */
  buildId: string | undefined;
  clouds: Record<string, CloudSettings>;
  /** Reads the clouds again, from the same variables and the files that they name; nothing while anything is wrong with them. */
  rereadClouds(): Record<string, CloudSettings>;
  secretsDir: string | undefined;
  /** Folder of the encrypted secret store. */
  secretStore: string | undefined;
  /** What encrypts histories and stored secrets. */
  keys: KeyRing | undefined;
  notices: NoticeSettings;
  artefacts: ArtefactSettings;
  logLevel: LogLevel;
  /** Where health and metrics are served; nowhere unless a port is given. */
  health: { host: string; port: number } | undefined;
  /** Value of TENANTRY_SECRET_<NAME>, the only variables that an input's `env:NAME` can name. */
  secretFromEnvironment(name: string): string | undefined;
}

/** Reads `.env` of the current folder and the environment, which wins. Every problem is told in one message. */
export function loadWorkerSettings({ port }: { port?: number | undefined } = {}, given?: Environment): WorkerSettings {
  const environment = readEnvironment(given);
  const problems: string[] = [];
  const clouds = readClouds(environment, problems);
  const name = environmentName(environment, problems);
  const logLevel = readLogLevel(environment, problems);
  const health = readHealth(environment, port, problems);
  const notices = readNotices(environment, problems);
  const artefacts = readArtefacts(environment, problems);
  const keys = readKeys(environment, problems);
  const temporal = readTemporal(environment, problems);
  if (problems.length > 0)
    throw new Error(`The settings cannot be used:\n${problems.map((one) => `  ${one}`).join('\n')}`);
  return {
    temporal,
    namespace: temporal.namespace ?? 'default',
    taskQueue: environment['TENANTRY_TASK_QUEUE'] ?? 'tenantry',
    environment: name,
    buildId: environment['TENANTRY_BUILD_ID'],
    clouds,
    rereadClouds: () => reread(environment),
    notices,
    artefacts,
    logLevel,
    health,
    secretsDir: environment['TENANTRY_SECRETS_DIR'],
    secretStore: environment['TENANTRY_SECRETS_STORE'],
    keys,
    secretFromEnvironment: (secret) => environment[`TENANTRY_SECRET_${secret}`],
  };
}

function reread(environment: Environment): Record<string, CloudSettings> {
  const problems: string[] = [];
  const clouds = readClouds(environment, problems);
  return problems.length === 0 ? clouds : {};
}

function readTemporal(environment: Record<string, string>, problems: string[]): WorkerSettings['temporal'] {
  try {
    return loadClientConnectConfig({ overrideEnvVars: environment });
  } catch (error) {
    problems.push(`TEMPORAL_…: these settings cannot be used: ${(error as Error).message}`);
    return { connectionOptions: {} };
  }
}

function environmentName({ TENANTRY_ENV: name = 'development' }: Environment, problems: string[]): string {
  if (!/^[a-z0-9-]{1,20}$/.test(name))
    problems.push('TENANTRY_ENV: must be 1 to 20 of a-z, 0-9 and -, such as "production"');
  return name;
}

/** The clouds configured here, those of them that the file of clouds describes, and what is wrong about them; `absent` when nothing names one. */
export function loadClouds(given?: Environment) {
  const environment = readEnvironment(given);
  const problems: string[] = [];
  const name = environmentName(environment, problems);
  const absent = !Object.keys(environment).some((name) => name.startsWith('ACRONIS_') || name === 'TENANTRY_CLOUDS');
  const clouds = absent ? {} : readClouds(environment, problems);
  return { absent, clouds, inFile: cloudsInFile(environment), environment: name, problems };
}

/** Where artefacts are kept as configured here, with what is wrong about it; `absent` when nothing says where. */
export function loadArtefacts(given?: Environment) {
  const environment = readEnvironment(given);
  const problems: string[] = [];
  const absent = !Object.keys(environment).some((name) => name.startsWith('TENANTRY_ARTEFACTS_'));
  return { absent, settings: readArtefacts(environment, problems), problems };
}

function readLogLevel({ TENANTRY_LOG_LEVEL: level = 'info' }: Environment, problems: string[]): LogLevel {
  const known = logLevels.find((one) => one === level);
  if (known === undefined) problems.push(`TENANTRY_LOG_LEVEL: must be one of ${logLevels.join(', ')}`);
  return known ?? 'info';
}

function readHealth(
  { TENANTRY_HEALTH_PORT: named, TENANTRY_HEALTH_HOST: host = '127.0.0.1' }: Environment,
  port: number | undefined,
  problems: string[],
): WorkerSettings['health'] {
  if (port !== undefined) return { host, port };
  if (named === undefined) return undefined;
  if (!/^\d{1,5}$/.test(named) || Number(named) > 65_535) {
    problems.push('TENANTRY_HEALTH_PORT: must be a port, 0 to 65535 (0: a free one)');
    return undefined;
  }
  return { host, port: Number(named) };
}

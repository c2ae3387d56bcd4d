import { z } from 'zod';
import { artefactSettings } from './artefacts.js';
import { brakeSettings } from './brake.js';
import { cloudSettings, markSettings, type CloudSettings } from './clouds.js';
import { encryptionSettings } from './encryption.js';
import { noticeSettings } from './notices.js';
import { plansSettings } from './plans.js';
import { proxySettings } from './proxy.js';
import { logSettings } from './log.js';
import { optionalPort } from './ports.js';
import { about, type Environment, optionalText, readEnvironment, readSettings } from './reader.js';
import { secretSettings } from './secrets.js';
import { sourcesSettings } from './sources.js';
import { temporalSettings } from './temporal.js';

const processSettings = z
  .looseObject({
    TENANTRY_HEALTH_PORT: optionalPort({
      meaning:
        'Port on which the worker serves `/healthz`, `/readyz` and `/metrics`; 0 takes a free one. `--port` wins.',
      default: 'they are not served',
    }),
    TENANTRY_HEALTH_HOST: z
      .string()
      .default('127.0.0.1')
      .register(about, { meaning: 'Address on which they are served.' }),
    TENANTRY_BUILD_ID: optionalText({
      meaning:
        'Version of this worker: a run stays with workers of the version that began it; see [upgrades](upgrades.md).',
      default: 'any worker continues any run',
    }),
  })
  .transform(({ TENANTRY_HEALTH_PORT: port, TENANTRY_HEALTH_HOST: host, ...values }) => ({
    health: port === undefined ? undefined : { host, port },
    buildId: values.TENANTRY_BUILD_ID,
  }))
  .meta({ title: 'Worker process' });

/** Every setting of a worker. */
export const workerSchema = z.object({
  temporal: temporalSettings,
  clouds: cloudSettings,
  mark: markSettings,
  encryption: encryptionSettings,
  secrets: secretSettings,
  notices: noticeSettings,
  artefacts: artefactSettings,
  sources: sourcesSettings,
  plans: plansSettings,
  brake: brakeSettings,
  proxies: proxySettings,
  log: logSettings,
  process: processSettings,
});

export type WorkerSettings = ReturnType<typeof loadWorkerSettings>;

/** Reads the settings of a worker. `port` wins over TENANTRY_HEALTH_PORT. */
export function loadWorkerSettings({ port }: { port?: number | undefined } = {}, given?: Environment) {
  const environment = {
    ...readEnvironment(given),
    ...(port !== undefined && { TENANTRY_HEALTH_PORT: String(port) }),
  };
  const settings = readSettings(workerSchema, environment);
  return {
    ...settings.temporal,
    clouds: settings.clouds.clouds,
    rereadClouds: () => rereadClouds(environment),
    ...settings.mark,
    ...settings.encryption,
    ...settings.secrets,
    notices: settings.notices,
    artefacts: settings.artefacts,
    sourcesFile: settings.sources.path,
    proxyFor: settings.sources.proxyFor,
    plansFile: settings.plans.path,
    brake: settings.brake.limits,
    ...settings.log,
    ...settings.process,
  };
}

/** Reads the same variables, and the files that they name, again. Gives no clouds while anything is wrong with them. */
function rereadClouds(environment: Environment): Record<string, CloudSettings> {
  try {
    return readSettings(workerSchema.pick({ clouds: true }), environment).clouds.clouds;
  } catch {
    return {};
  }
}

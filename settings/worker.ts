import { z } from 'zod';
import { actorKeySettings } from './actor-keys.js';
import { artefactSettings } from './artefacts.js';
import { brakeSettings } from './brake.js';
import { cloudSettings, markSettings, type CloudSettings } from './clouds.js';
import { encryptionSettings } from './encryption.js';
import { noticeRoutesSettings } from './notice-routes.js';
import { noticeSettings } from './notices.js';
import { outgoingSettings } from './outgoing.js';
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
  noticeRoutes: noticeRoutesSettings,
  artefacts: artefactSettings,
  sources: sourcesSettings,
  plans: plansSettings,
  outgoing: outgoingSettings,
  brake: brakeSettings,
  actors: actorKeySettings,
  proxies: proxySettings,
  log: logSettings,
  process: processSettings,
});

/** Every group as it was read, and the clouds as they are later. */
export type WorkerSettings = z.output<typeof workerSchema> & { rereadClouds: () => Record<string, CloudSettings> };

/** Reads the settings of a worker. `port` wins over TENANTRY_HEALTH_PORT. */
export function loadWorkerSettings({ port }: { port?: number | undefined } = {}, given?: Environment): WorkerSettings {
  const environment = {
    ...readEnvironment(given),
    ...(port !== undefined && { TENANTRY_HEALTH_PORT: String(port) }),
  };
  return { ...readSettings(workerSchema, environment), rereadClouds: () => rereadClouds(environment) };
}

/** Where the secrets are that inputs and sources name, with the keys of those that are stored. */
export function secretSourcesOf({ encryption, secrets }: Pick<WorkerSettings, 'encryption' | 'secrets'>) {
  return { ...encryption, ...secrets };
}

/** Reads the same variables, and the files that they name, again. Gives no clouds while anything is wrong with them. */
function rereadClouds(environment: Environment): Record<string, CloudSettings> {
  try {
    return readSettings(workerSchema.pick({ clouds: true }), environment).clouds.clouds;
  } catch {
    return {};
  }
}

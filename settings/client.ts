import { z } from 'zod';
import { artefactSettings, type ArtefactSettings } from './artefacts.js';
import { cloudSettings, markSettings } from './clouds.js';
import { encryptionSettings } from './encryption.js';
import { noticeRoutesSettings } from './notice-routes.js';
import { outgoingSettings } from './outgoing.js';
import { plansSettings } from './plans.js';
import { gatewayAddress } from './gateway.js';
import { proxySettings } from './proxy.js';
import { readEnvironment, readSettings, type Environment } from './reader.js';
import { secretSettings } from './secrets.js';
import { sourcesSettings } from './sources.js';
import { temporalSettings } from './temporal.js';
import { TenantryError } from '../contract/errors.js';

/** Every setting of the command line. A command reads only the groups that it needs. */
export const commandLineSchema = z.object({
  temporal: temporalSettings,
  clouds: cloudSettings,
  mark: markSettings,
  encryption: encryptionSettings,
  secrets: secretSettings,
  artefacts: artefactSettings,
  proxies: proxySettings,
  sources: sourcesSettings,
  plans: plansSettings,
  noticeRoutes: noticeRoutesSettings,
  outgoing: outgoingSettings,
  gateway: gatewayAddress,
});

export type ClientSettings = ReturnType<typeof loadClientSettings>;

/** What a client of Temporal needs: the connection, and the keys of histories and stored secrets. */
export function loadClientSettings(given?: Environment) {
  const schema = commandLineSchema.pick({ temporal: true, encryption: true });
  const { temporal, encryption } = readSettings(schema, readEnvironment(given));
  return { ...temporal, ...encryption };
}

/**
 * The clouds, the names of those that the file TENANTRY_CLOUDS describes (`inFile`), and the first part of every mark.
 * Refused when no cloud is configured.
 */
export function loadClouds(given?: Environment) {
  if (!hasClouds(given)) {
    const message =
      'No cloud is configured here. Set ACRONIS_BASE_URL, ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET. The last two are ' +
      'of an API client, which you create in the console of your partner tenant, Settings > API clients.';
    throw new TenantryError('refused', message);
  }
  const { clouds, mark } = readSettings(
    commandLineSchema.pick({ clouds: true, mark: true, proxies: true }),
    readEnvironment(given),
  );
  return { ...clouds, ...mark };
}

export function hasClouds(given?: Environment): boolean {
  return Object.keys(readEnvironment(given)).some((name) => name.startsWith('ACRONIS_') || name === 'TENANTRY_CLOUDS');
}

/** Where a worker with these settings finds the secrets that inputs name. */
export function loadSecretSources(given?: Environment) {
  const schema = commandLineSchema.pick({ encryption: true, secrets: true });
  const { encryption, secrets } = readSettings(schema, readEnvironment(given));
  return { ...encryption, ...secrets };
}

/** Whether secrets can be kept here. What the store needs besides is checked when it is opened. */
export function hasSecretStore(given?: Environment): boolean {
  return 'TENANTRY_SECRETS_STORE' in readEnvironment(given);
}

/** Where files are kept. The default one unless `hasArtefacts`. */
export function loadArtefacts(given?: Environment): ArtefactSettings {
  return readSettings(commandLineSchema.pick({ artefacts: true, proxies: true }), readEnvironment(given)).artefacts;
}

export function hasArtefacts(given?: Environment): boolean {
  return Object.keys(readEnvironment(given)).some((name) => name.startsWith('TENANTRY_ARTEFACTS_'));
}

/** Where a gateway with these settings listens, and how senders reach it; undefined where the settings do not say. */
export function loadGatewayAddress(given?: Environment): { url?: string; publicUrl?: string } {
  const { gateway } = readSettings(commandLineSchema.pick({ gateway: true }), readEnvironment(given));
  const { host, port, publicUrl } = gateway;
  return { ...(port && { url: `http://${host}:${port}` }), ...(publicUrl !== undefined && { publicUrl }) };
}

import { z } from 'zod';
import { actorKeySettings } from './actor-keys.js';
import { apiKeySettings } from './api-keys.js';
import { markSettings } from './clouds.js';
import { encryptionSettings } from './encryption.js';
import { httpApiSettings } from './http-api.js';
import { logSettings } from './log.js';
import { optionalPort } from './ports.js';
import { isProduction, unencryptedProblem } from './production.js';
import { pageSessionSettings } from './page-sessions.js';
import { proxySettings } from './proxy.js';
import { about, optionalText, readEnvironment, readSettings, type Environment } from './reader.js';
import { secretSettings } from './secrets.js';
import { sourcesSettings } from './sources.js';
import { temporalSettings } from './temporal.js';

/** Where the gateway is reached: by its senders, and by `tenantry event send`. */
export const gatewayAddress = z
  .looseObject({
    TENANTRY_GATEWAY_HOST: z
      .string()
      .default('127.0.0.1')
      .register(about, { meaning: 'Address on which the gateway listens. `--host` wins.' }),
    TENANTRY_GATEWAY_PORT: optionalPort({
      meaning: 'Port on which the gateway listens. `--port` wins.',
      default: 'a free one',
    }),
    TENANTRY_PUBLIC_URL: optionalText({
      meaning:
        'How senders reach the gateway, such as `https://hooks.example.com`. HubSpot signs this address, so without ' +
        'it no event of HubSpot is believed behind a proxy.',
      default: 'the address on which the gateway listens',
    }),
  })
  .superRefine((values, context) => {
    const problem = publicUrlProblem(values);
    if (problem !== undefined) context.addIssue({ code: 'custom', path: ['TENANTRY_PUBLIC_URL'], message: problem });
  })
  .transform((values) => ({
    host: values.TENANTRY_GATEWAY_HOST,
    port: values.TENANTRY_GATEWAY_PORT,
    publicUrl: values.TENANTRY_PUBLIC_URL?.replace(/\/+$/, ''),
  }))
  .meta({ title: 'Gateway' });

/** Every setting of the gateway. It stands nearest to the internet, so it has none of a cloud. */
export const gatewaySchema = z.object({
  temporal: temporalSettings,
  mark: markSettings,
  encryption: encryptionSettings,
  secrets: secretSettings,
  sources: sourcesSettings,
  proxies: proxySettings,
  log: logSettings,
  apiKeys: apiKeySettings,
  actors: actorKeySettings,
  httpApi: httpApiSettings,
  page: pageSessionSettings,
  gateway: gatewayAddress,
});

export type GatewaySettings = ReturnType<typeof loadGatewaySettings>;

/** Reads the settings of the gateway. `port` and `host` win over the variables. */
export function loadGatewaySettings(
  { port, host }: { port?: number | undefined; host?: string | undefined } = {},
  given?: Environment,
) {
  const settings = readSettings(gatewaySchema, {
    ...readEnvironment(given),
    ...(port !== undefined && { TENANTRY_GATEWAY_PORT: String(port) }),
    ...(host !== undefined && { TENANTRY_GATEWAY_HOST: host }),
  });
  const { temporal, encryption, secrets, sources, log, apiKeys, actors, httpApi, page, gateway } = settings;
  return {
    ...temporal,
    ...encryption,
    ...secrets,
    ...log,
    ...gateway,
    ...httpApi,
    ...actors,
    apiKeys,
    pageSecret: page,
    sources: sources.path,
    proxyFor: sources.proxyFor,
  };
}

function publicUrlProblem(values: { TENANTRY_PUBLIC_URL?: string | undefined }): string | undefined {
  const { TENANTRY_PUBLIC_URL: address } = values;
  if (address === undefined) return undefined;
  if (!/^https?:\/\/[^?#]+$/.test(address) || !URL.canParse(address))
    return 'must be an address without a query, such as https://hooks.example.com';
  return isProduction(values) ? unencryptedProblem(address) : undefined;
}

import { randomBytes } from 'node:crypto';
import { checkPortFree } from '../../../engine/index.js';
import { withoutSettings } from '../../../settings/trying.js';
import { noSettingsFiles } from '../child-command.js';
import { KEY_NAME, type TryingFolder } from './folder.js';
import type { Parts } from './parts.js';

/** Where everything is, and what a second terminal must set. */
export interface Installation {
  /** The page, with a link that logs in once. */
  page: string;
  /** Address of the gateway: page, HTTP API and events. */
  gateway: string;
  temporalUi: string;
  simulator: string;
  /** What other commands need. */
  environment: Readonly<Record<string, string>>;
}

interface EngineReady {
  address: string;
  uiUrl: string;
}
interface SimulatorReady {
  url: string;
  clientId: string;
  clientSecret: string;
}
interface GatewayReady {
  url: string;
  logInUrl: string;
}

const usualPorts = { engine: 7233, ui: 8233, simulator: 8080, gateway: 8085 } as const;
type Ports = Record<keyof typeof usualPorts, number>;

/** The usual ports; where another program has one, or where asked, 0 for a free one. */
export async function choosePorts(anyFree: boolean): Promise<Ports> {
  const choose = async (port: number) =>
    anyFree
      ? 0
      : await checkPortFree(port, '').then(
          () => port,
          () => 0,
        );
  const [engine, ui, simulator, gateway] = await Promise.all(Object.values(usualPorts).map(choose));
  return { engine: engine!, ui: ui!, simulator: simulator!, gateway: gateway! };
}

/** Starts everything in an order that works: Temporal and the cloud, then `setup`, then the worker and the gateway. */
export async function startInstallation(parts: Parts, folder: TryingFolder, ports: Ports): Promise<Installation> {
  await folder.fill();
  const [temporal, cloud] = await Promise.all([
    parts.start<EngineReady>(
      ['engine', ...numbers({ port: ports.engine, 'ui-port': ports.ui }), '--db', folder.database()],
      withoutSettings(),
    ),
    parts.start<SimulatorReady>(
      ['simulator', ...numbers({ port: ports.simulator }), '--db', folder.cloud()],
      noSettingsFiles,
    ),
  ]);
  const environment = {
    TEMPORAL_ADDRESS: temporal.address,
    ACRONIS_BASE_URL: cloud.url,
    ACRONIS_CLIENT_ID: cloud.clientId,
    ACRONIS_CLIENT_SECRET: cloud.clientSecret,
    TENANTRY_SOURCES: folder.sources(),
    TENANTRY_SECRET_OWN_SIGNING: `whsec_${randomBytes(24).toString('base64')}`,
  };
  const [, gateway] = await Promise.all([
    parts.start(['worker'], { ...noSettingsFiles, ...environment, ...ofWorker(folder) }),
    parts.start<GatewayReady>(['gateway', ...numbers({ port: ports.gateway }), '--log-in', KEY_NAME], {
      ...noSettingsFiles,
      ...withoutCloud(environment),
      TENANTRY_API_KEYS: folder.keys(),
    }),
  ]);
  return {
    page: gateway.logInUrl,
    gateway: gateway.url,
    temporalUi: temporal.uiUrl,
    simulator: cloud.url,
    environment: { ...environment, TENANTRY_GATEWAY_PORT: new URL(gateway.url).port },
  };
}

function numbers(options: Record<string, number>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

function ofWorker(folder: TryingFolder): Record<string, string> {
  return { TENANTRY_PLANS: folder.plans(), TENANTRY_ARTEFACTS_DIR: folder.artefacts() };
}

/** The gateway has no credentials of a cloud. */
function withoutCloud(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('ACRONIS_')));
}

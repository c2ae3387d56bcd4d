import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { OneTimeLinks } from './page/one-time-links.js';
import { TenantryError } from '../contract/errors.js';
import { cannotListen } from '../settings/ports.js';
import { loadGatewaySettings, type GatewaySettings } from '../settings/gateway.js';
import { unknownSettingsText } from '../settings/names.js';
import { createLog, type Logger } from '../telemetry/log.js';
import { decisionSigner } from '../vault/actor-proofs.js';
import { createSecretReader } from '../vault/index.js';
import { openAuditLog, type AuditLog } from './api/audit-log.js';
import { sharedSecrets } from './api/shared-secrets.js';
import { treeParts } from './api/tree/ask-path.js';
import { createApp } from './app.js';
import { deliverBy } from './deliver.js';
import { fetchThroughProxy, SigningKeys } from './signing-keys.js';
import { openSources, type ReadySources } from './ready-sources.js';
import { openKeys, type ReadyKeys } from './ready-keys.js';
import { Sightings } from './sightings.js';
import { toConfigured } from './configured-sources.js';
import { openTemporal } from './temporal.js';
import { keepDeletingLeftQuestions } from './left-questions.js';

export interface Gateway {
  url: string;
  /** With which a person logs in at the page once, as the key of this name. Refused when there is no such key. */
  linkFor(keyName: string): string;
  /** Refuses new deliveries, ends those in flight, and resolves when they have their answers. */
  close(): Promise<void>;
}

const REACH_MS = 2000;
/** Longer than any answer takes: who has not read it by then never will. */
const DRAIN_MS = 5000;

/**
 * Starts the gateway. It starts also while Temporal is away: senders then get an answer that makes them try again. Fails
 * as `refused` for settings or sources that cannot be used, as `unavailable` when the port is in use.
 */
export async function startGateway(options: { port?: number; host?: string } = {}): Promise<Gateway> {
  const settings = loadGatewaySettings(options);
  const log = createLog(settings.logLevel, { buffered: true });
  const unknown = unknownSettingsText();
  if (unknown !== undefined) log.warn(unknown);
  if (settings.apiKeys !== undefined && settings.actorKeys === undefined)
    log.info('no decision gets a verified actor, because TENANTRY_ACTOR_KEYS is not set: see docs/security.md');
  const readSecret = createSecretReader(settings, 'gateway');
  const sources = await openSources({ path: settings.sources, readSecret, log });
  const apiKeys = await openKeys({ path: settings.apiKeys, log });
  const audit = await openAuditLog(settings.auditLog);
  const gateway = new Running(settings, { sources, apiKeys, audit }, log);
  try {
    await gateway.listen();
  } catch (error) {
    await gateway.close();
    throw error;
  }
  return gateway;
}

class Running implements Gateway {
  url = '';
  private isStopping = false;
  private readonly temporal: Client;
  private readonly app: FastifyInstance;
  private readonly stopDeleting: () => void;
  private readonly links = new OneTimeLinks(() => new Date());

  constructor(
    private readonly settings: GatewaySettings,
    private readonly files: { sources: ReadySources; apiKeys: ReadyKeys; audit: AuditLog },
    log: Logger,
  ) {
    this.temporal = openTemporal(settings);
    this.stopDeleting = keepDeletingLeftQuestions(this.temporal, log);
    const keys = new SigningKeys(fetchThroughProxy(settings.proxyFor));
    this.app = createApp({
      client: this.temporal,
      taskQueue: settings.taskQueue,
      ...treeParts(this.temporal, settings.taskQueue),
      keys: () => files.apiKeys.current,
      requestsPerMinute: settings.requestsPerMinute,
      audit: files.audit,
      secrets: sharedSecrets(settings),
      ...(settings.actorKeys && { sign: decisionSigner(settings.actorKeys) }),
      links: this.links,
      pageSecret: settings.pageSecret ?? randomBytes(32).toString('base64url'),
      source: (name) => files.sources.get(name),
      sources: () => files.sources.all().map(toConfigured),
      deliver: deliverBy(this.temporal, settings.taskQueue),
      fetchKey: async (address) => await keys.get(address),
      publicUrl: () => settings.publicUrl ?? this.url,
      isStopping: () => this.isStopping,
      now: () => new Date(),
      sightings: new Sightings(new Date()),
      reachTemporal: async () => await reach(this.temporal),
      log,
    });
  }

  async listen(): Promise<void> {
    const { host, port = 0 } = this.settings;
    try {
      await this.app.listen({ host, port });
    } catch (error) {
      throw cannotListen('The gateway', port, error);
    }
    const { port: taken } = this.app.server.address() as AddressInfo;
    this.url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
  }

  linkFor(keyName: string): string {
    if (!this.files.apiKeys.current.some(({ name }) => name === keyName)) {
      if (this.settings.apiKeys === undefined)
        throw new TenantryError(
          'refused',
          'TENANTRY_API_KEYS: is missing; set it to the file of "tenantry key create".',
        );
      const remedy = `Make one: tenantry key create ${keyName} --role decide`;
      throw new TenantryError('refused', `There is no key called ${JSON.stringify(keyName)}. ${remedy}`);
    }
    return new URL(this.links.create(keyName), this.settings.publicUrl ?? this.url).href;
  }

  async close(): Promise<void> {
    this.isStopping = true;
    this.stopDeleting();
    this.files.sources.close();
    this.files.apiKeys.close();
    const force = setTimeout(() => this.app.server.closeAllConnections(), DRAIN_MS);
    await this.app.close();
    clearTimeout(force);
    await this.temporal.connection.close();
  }
}

async function reach({ connection, options }: Client): Promise<void> {
  const { namespace } = options;
  await connection.withDeadline(Date.now() + REACH_MS, async () =>
    connection.workflowService.describeNamespace({ namespace }),
  );
}

import { OneTimeLinks } from '../../gateway/page/one-time-links.js';
import { pino } from 'pino';
import { noAuditLog } from '../../gateway/api/audit-log.js';
import { treeParts } from '../../gateway/api/tree/ask-path.js';
import { createApp, type AppParts } from '../../gateway/app.js';
import type { CustomerFacts, ObjectChanges } from '../../catalogue/event-signals.js';
import { toConfigured } from '../../gateway/configured-sources.js';
import type { ReadySource } from '../../gateway/ready-sources.js';
import { Sightings } from '../../gateway/sightings.js';
import { sourceKinds, type SourceKindName } from '../../sources/index.js';
import { changed, part, recorded } from '../sources/deliveries.js';

/** When everything arrives in these tests. */
export const NOW = new Date('2026-04-01T00:00:00Z');
/** The address that senders know. */
export const PUBLIC_URL = 'https://hooks.example.com';
/** The host from which ConnectWise's keys come. */
export const HOST = 'na.myconnectwise.net';
const WHSEC = 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQtMDAwMDAwMDE=';

/** One secret for each kind; that of ConnectWise is what its key address answers. */
export const secretOf: Readonly<Record<SourceKindName, string>> = {
  stripe: 'whsec_stripe',
  chargebee: 'user:pass:word',
  hubspot: 'client-secret',
  whmcs: WHSEC,
  'standard-webhooks': WHSEC,
  cloudevents: 'token',
  connectwise: 'published key',
};
export const kinds = Object.keys(secretOf) as SourceKindName[];

/** A recorded delivery of each kind, in live mode. */
export const bodyOf: Readonly<Record<SourceKindName, Buffer>> = {
  stripe: json(changed('stripe/customer.subscription.created.json', [], { livemode: true })),
  chargebee: recorded('chargebee/subscription_created.json'),
  hubspot: recorded('hubspot/deal.closedwon.json'),
  whmcs: recorded('whmcs/AfterModuleCreate.json'),
  'standard-webhooks': json(changed('standard-webhooks/subscription.active.json', ['data'], { live: true })),
  cloudevents: json(changed('cloudevents/structured.active.json', ['data'], { live: true })),
  connectwise: recorded('connectwise/agreement.updated.json'),
};
/** The kinds whose events hold the state themselves. */
export const withState = kinds.filter((kind) => kind !== 'hubspot' && kind !== 'connectwise');

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A body of our own format, with other fields in its data. */
export function houseBody(data: object): Buffer {
  const given = { live: true, customer: { ref: 'C-1' }, ...data };
  return json({ type: 'subscription.changed', timestamp: NOW.toISOString(), data: given });
}

/** The subscription of a recorded body of our own format. */
export const subscription = part('standard-webhooks/subscription.active.json', ['data', 'subscription']);

/** A source of this kind, under the name of the kind. */
export function sourceOf(kind: SourceKindName, more: Partial<ReadySource> = {}): ReadySource {
  const secrets = kind === 'connectwise' ? [] : [secretOf[kind]];
  const base = { name: kind, kind, act: 'observe', mode: 'live', owns: [], timezone: 'UTC', host: [HOST] } as const;
  return { ...base, owns: [], secrets, host: [HOST], ...more };
}

/** The headers that make a body a delivery of the source that is called like its kind. */
export function signed(kind: SourceKindName, body: Uint8Array, secret = secretOf[kind], now = NOW) {
  return sourceKinds[kind].sign(body, { secret, now, id: 'msg-1', url: `${PUBLIC_URL}/v1/events/${kind}` });
}

export interface Reply {
  status: number;
  type: string | null;
  headers: Headers;
  body: Record<string, unknown>;
}

export type Door = Awaited<ReturnType<typeof openDoor>>;

/** The gateway's HTTP server on 127.0.0.1, with a source of every kind, and a Temporal that only counts. */
export async function openDoor(more: Partial<AppParts> = {}) {
  const taken: CustomerFacts[] = [];
  const changed: ObjectChanges[] = [];
  const lines: Record<string, unknown>[] = [];
  const sources = new Map<string, ReadySource>(kinds.map((kind) => [kind, sourceOf(kind)]));
  const app = createApp({
    source: (name) => sources.get(name),
    deliver: async (one) => void ('facts' in one ? taken.push(one) : changed.push(one)),
    fetchKey: async () => secretOf.connectwise,
    publicUrl: () => PUBLIC_URL,
    isStopping: () => false,
    sources: () => [...sources.values()].map(toConfigured),
    sightings: new Sightings(NOW),
    now: () => NOW,
    reachTemporal: async () => undefined,
    client: undefined as unknown as AppParts['client'],
    taskQueue: 'none',
    keys: () => [],
    requestsPerMinute: 100_000,
    audit: noAuditLog,
    links: new OneTimeLinks(() => NOW),
    pageSecret: 'the secret of the page in these tests',
    log: pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) }),
    ...treeParts(more.client!, more.taskQueue ?? 'none'),
    ...more,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    sources,
    /** What Temporal got. */
    taken,
    /** The changes that Temporal got. */
    changed,
    /** The log. */
    lines,
    async post(path: string, body: Uint8Array | ReadableStream, headers: Record<string, string> = {}): Promise<Reply> {
      const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
      const reply = await fetch(`${url}/v1/events/${path}`, init);
      const type = reply.headers.get('content-type');
      return { status: reply.status, type, headers: reply.headers, body: (await reply.json()) as Reply['body'] };
    },
    /** Sends a body as a source of this kind would. */
    async send(kind: SourceKindName, body: Uint8Array = bodyOf[kind]): Promise<Reply> {
      return await this.post(kind, body, signed(kind, body));
    },
    async close(): Promise<void> {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

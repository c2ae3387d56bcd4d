import { afterEach, beforeEach, jest } from '@jest/globals';
import { createInProcessSimulator, type Fixture, type InProcessSimulator } from '../../simulator/index.js';

type Json = Record<string, unknown>;

/** A simulator without a socket whose clock stands still until a test moves it. */
export interface StillCloud {
  simulator: InProcessSimulator;
  /** A customer of this test. */
  customer: string;
  /** A call of any interface: the path is whole. Gives the body of the answer. */
  ask(method: string, path: string, body?: object): Promise<Json>;
  /** The rows that an interface lists. */
  rows(path: string): Promise<Json[]>;
  issueToken(fields?: { expires_in?: number }): Promise<{ id: number; token: string }>;
  /** Saves a plan of the customer and applies it to machines. */
  protect(policies: Json[], ...resourceIds: string[]): Promise<void>;
  moveTo(time: string): void;
}

/** A fresh cloud for each test. It is Monday, 7 December 2026, eight o'clock. */
export function useStillCloud(fixture: Fixture = {}): StillCloud {
  const cloud = {} as StillCloud;
  beforeEach(async () => {
    jest.useFakeTimers({ now: new Date('2026-12-07T08:00:00Z'), doNotFake: [...timers] });
    const simulator = createInProcessSimulator({ fixture: { tokenTtlSeconds: 10_000_000, ...fixture } });
    const token = await login(simulator);
    const ask: StillCloud['ask'] = async (method, path, body) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const text = await (await simulator.fetch(`${simulator.url}${path}`, { method, headers, ...init })).text();
      return text === '' ? {} : (JSON.parse(text) as Json);
    };
    const customer = simulator.world.addTenant({ name: 'Acme', kind: 'customer' });
    Object.assign(cloud, {
      simulator,
      customer,
      ask,
      rows: async (path: string) => (await ask('GET', path))['items'],
      issueToken: async (fields: object = {}) =>
        await ask('POST', `/api/2/tenants/${customer}/registration_tokens`, { expires_in: 86_400, scopes, ...fields }),
      protect: async (policy: Json[], ...items: string[]) => {
        await ask('POST', '/api/policy_management/v4/policies', {
          subject: { policy },
          override_tenant_id: customer,
        });
        await ask('POST', '/api/policy_management/v4/applications', {
          policy_id: policy[0]!['id'],
          context: { items },
        });
      },
      moveTo: (time: string) => jest.setSystemTime(new Date(time)),
    });
  });
  afterEach(() => void jest.useRealTimers());
  return cloud;
}

/** Only the date stands still. */
const timers = [
  'nextTick',
  'performance',
  'hrtime',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;
const scopes = ['urn:acronis.com:tenant-id::backup_agent_admin'];

async function login({ url, clientId, clientSecret, fetch }: InProcessSimulator): Promise<string> {
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const answer = await fetch(`${url}/api/2/idp/token`, { method: 'POST', headers: { authorization }, body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

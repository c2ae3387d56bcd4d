import { beforeAll } from '@jest/globals';
import { treeParts } from '../../../gateway/api/tree/ask-path.js';
import { digestOf, type Role } from '../../../settings/api-keys.js';
import { readFacts } from '../../support/fact-reader.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { secretOf, useApi, type Answer } from './door.js';

const createdAt = '2026-01-01T00:00:00.000Z';

export const at = (id: string, more = '') => `/v1/operations/${encodeURIComponent(id)}${more}`;
export const idIn = ({ body }: Answer) => body['id'] as string;
export const itemsOf = ({ body }: Answer) => body['items'] as { id: string; ref?: string }[];

/**
 * A gateway, a worker and a cloud with two partners, each with a customer. The key `mine` may decide at or below the first
 * partner, `root` everywhere.
 */
export function useTwoPartners() {
  const env = useTestEnvironment({ tree: { partners: 2, customers: 1 } }, { answers: true, readFacts });
  /** What has passed for what the gateway remembers of tenants. */
  const passed = { minutes: 0 };
  const api = useApi(env, {
    get places() {
      return treeParts(env.client, env.taskQueue, () => passed.minutes * 60_000).places;
    },
  });
  /** Ids of tenants. */
  const there = {} as Record<'mine' | 'myCustomer' | 'other' | 'otherCustomer', string>;
  const addKey = (name: string, tenantId: string, more: { cloud?: string; operations?: string[] } = {}) => {
    const { cloud = 'default', ...limits } = more;
    const role: Role = 'decide';
    api.keys.push({ name, role, sha256: digestOf(secretOf(name)), createdAt, ...limits, below: [{ tenantId, cloud }] });
  };
  beforeAll(() => {
    const all = env.simulator.world.tenants();
    const idOf = (name: string) => all.find((one) => one.name === name)!.id;
    Object.assign(there, {
      mine: idOf('Partner 0001'),
      myCustomer: idOf('Customer 0001-0001'),
      other: idOf('Partner 0002'),
      otherCustomer: idOf('Customer 0002-0001'),
    });
    addKey('mine', there.mine.toUpperCase());
    addKey('root', env.simulator.rootTenantId);
  });
  const start = async (operation: string, body: unknown, key = 'mine') =>
    await api.ask('POST', `/v1/operations/${operation}`, { body, key });
  const ended = async (id: string) => (await env.client.workflow.getHandle(id).result()) as object;
  return {
    env,
    api,
    there,
    passed,
    addKey,
    start,
    ended,
    /** The key that was added last sees only the first partner now. */
    limitLastKey: () => void api.keys.push({ ...api.keys.pop()!, below: [{ tenantId: there.mine, cloud: 'default' }] }),
    /** A run of anybody about this tenant, until it has ended. */
    async aRunAbout(id: string): Promise<string> {
      const order = { tenant: { id }, externalRef: crypto.randomUUID(), onFailure: 'undo' };
      const run = idIn(await start('enableTenant', order, 'decide'));
      await ended(run);
      return run;
    },
    /** The runs that a key finds in the list, page by page. */
    async listed(key: string, query = ''): Promise<string[]> {
      const found: string[] = [];
      for (let after = ''; ;) {
        const page = await api.ask('GET', `/v1/operations?limit=4${query}${after}`, { key });
        found.push(...itemsOf(page).map(({ id }) => id));
        if (page.body['next'] === undefined) return found;
        after = `&after=${encodeURIComponent(page.body['next'] as string)}`;
      }
    },
  };
}

import { describe, expect, test } from '@jest/globals';
import { createInProcessSimulator, type Trait, type Untidy } from '../../simulator/index.js';

type Token = { access_token: string; expires_in?: number; expires_on: number };
type Rows = { items: Record<string, unknown>[]; paging?: { cursors: { after?: string } } };

/** A cloud with one trait that strikes wherever it can, with six customers below the root. */
function cloud(trait: Trait, more: Partial<Untidy> = {}) {
  const simulator = createInProcessSimulator({
    fixture: {
      untidy: { seed: 1, traits: [trait], often: 1, ...more },
      tenants: [1, 2, 3, 4].map((nth) => ({ name: `Customer ${nth}` })),
    },
  });
  const { url, rootTenantId } = simulator;
  const send = async (method: string, path: string, init: RequestInit = {}) =>
    await simulator.fetch(`${url}/api/2${path}`, { method, ...init });
  const authorization = `Basic ${Buffer.from(`${simulator.clientId}:${simulator.clientSecret}`).toString('base64')}`;
  const askForToken = async (signal?: AbortSignal): Promise<Token> => {
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    const answer = await send('POST', '/idp/token', { headers: { authorization }, body, ...(signal && { signal }) });
    return answer.ok ? ((await answer.json()) as Token) : await askForToken(signal);
  };
  let token = '';
  const call = async (method: string, path: string, body?: object) => {
    token ||= (await askForToken()).access_token;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return await send(method, path, { headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  };
  const list = async (query: string) => (await (await call('GET', `/tenants?${query}`)).json()) as Rows;
  return { simulator, askForToken, call, list, children: `parent_id=${rootTenantId}`, root: rootTenantId };
}

const names = ({ items }: Rows) => items.map(({ name }) => name);

async function everyPage({ list, children }: ReturnType<typeof cloud>): Promise<Rows[]> {
  const pages = [await list(children)];
  for (let after = pages[0]!.paging?.cursors.after; after !== undefined;) {
    pages.push(await list(`after=${after}`));
    after = pages.at(-1)!.paging?.cursors.after;
  }
  return pages;
}

test('a tidy cloud has no trait', async () => {
  const { list, children } = cloud('sparse', { traits: [] });

  expect(new Set(names(await list(children))).size).toBe(6);
});

describe('one trait by itself', () => {
  test('sparse: what is null or optional may be missing, what says which thing it is never', async () => {
    const { list, children } = cloud('sparse');

    const { items } = await list(children);

    for (const item of items)
      expect(Object.keys(item)).toEqual(expect.arrayContaining(['id', 'version', 'name', 'kind', 'parent_id']));
    expect(items.some((item) => !('barrier' in item) || item['barrier'] === null)).toBe(true);
  });

  test('news: fields and values that nobody knows', async () => {
    const { list, children } = cloud('news');

    const { items } = await list(children);

    expect(items[0]).toMatchObject({ customer_type: 'next_generation', added_lately: {} });
  });

  test('bareErrors: code, domain and message, but no context', async () => {
    const { call, root } = cloud('bareErrors');

    const answer = await call('POST', '/tenants', { name: 'Customer 1', kind: 'customer', parent_id: root });

    expect(answer.status).toBe(409);
    const { error } = (await answer.json()) as { error: object };
    expect(error).toMatchObject({ code: 1004, domain: 'PlatformAccountServer' });
    expect(error).not.toHaveProperty('context');
  });

  test('repeatedRows: a list names a row twice, and none is missing', async () => {
    const { list, children } = cloud('repeatedRows');

    const listed = names(await list(children));

    expect(listed).toHaveLength(7);
    expect(new Set(listed).size).toBe(6);
  });

  test.each([1, 2, 3, 4, 5])('shiftedPages: short pages that overlap, and none is missing (seed %d)', async (seed) => {
    const pages = await everyPage(cloud('shiftedPages', { seed }));

    expect(pages.length).toBeGreaterThan(1);
    expect(new Set(pages.flatMap(names)).size).toBe(6);
  });

  test('lateLists: what was just made is found a little later', async () => {
    const { call, list, children, root } = cloud('lateLists');
    await call('POST', '/tenants', { name: 'Fresh', kind: 'customer', parent_id: root });

    const looks = [await list(children), await list(children), await list(children)].map(names);

    expect(looks[0]).not.toContain('Fresh');
    expect(looks[2]).toContain('Fresh');
  });

  test('mixedAnswers: a read of one object is answered with another, a list never', async () => {
    const { call, list, children } = cloud('mixedAnswers');
    const [one] = (await list(children)).items;

    const answer = (await (await call('GET', `/tenants/${String(one?.['id'])}`)).json()) as Record<string, unknown>;

    expect(answer).toMatchObject({ kind: expect.any(String) as unknown });
    expect(answer['id']).not.toBe(one?.['id']);
    expect(names(await list(children))).toHaveLength(6);
  });

  test('proxies: a gateway answers by itself, with a page or with nothing, and then leaves calls in peace', async () => {
    const { call, simulator } = cloud('proxies');
    const answers = [];
    for (let nth = 0; nth < 40; nth += 1) answers.push(await call('GET', `/tenants/${simulator.rootTenantId}`));

    const struck = answers.filter(({ status }) => status !== 200 && status !== 401);
    const types = await Promise.all(struck.map(async (one) => (await one.text()).slice(0, 6)));
    expect(struck.length).toBeGreaterThan(1);
    expect(types.every((text) => text === '' || text === '<html>')).toBe(true);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(20);
  });

  test('slowBodies: the whole text, in pieces', async () => {
    const { list, children } = cloud('slowBodies');

    expect(names(await list(children))).toHaveLength(6);
  });

  test('lateAnswers: the answer is lost, and the call took effect', async () => {
    const { simulator, askForToken } = cloud('lateAnswers');

    await expect(askForToken(AbortSignal.timeout(50))).rejects.toThrow(/timeout/);

    expect(simulator.memory.tokens.size).toBe(1);
  });

  test('sameNames: a second tenant of one name', async () => {
    const { call, root } = cloud('sameNames');

    const { status } = await call('POST', '/tenants', { name: 'Customer 1', kind: 'customer', parent_id: root });

    expect(status).toBe(201);
  });

  test('oddClock: the Date header and when a token expires are by another clock, its life is not', async () => {
    const { call, askForToken, root } = cloud('oddClock');

    const token = await askForToken();
    const { headers } = await call('GET', `/tenants/${root}`);

    const ahead = Date.parse(headers.get('date') ?? '') - Date.now();
    expect(Math.abs(ahead)).toBeGreaterThan(60_000);
    expect(token.expires_in).toBe(7200);
    expect(Math.abs(token.expires_on * 1000 - Date.now() - 7_200_000)).toBeGreaterThan(60_000);
  });

  test('shortTokens: a quarter of an hour', async () => {
    expect(await cloud('shortTokens').askForToken()).toMatchObject({ expires_in: 900 });
  });

  test('lostRows: only on request', async () => {
    const { list, children } = cloud('lostRows');

    expect(names(await list(children))).toHaveLength(5);
  });
});

test('the same seed and the same calls give the same, another seed gives other things', async () => {
  const told = async (seed: number) => {
    const { list, children } = cloud('sparse', { seed, traits: ['sparse', 'news', 'repeatedRows'], often: 0.5 });
    const pages = [await list(children), await list(children)];
    return JSON.stringify(pages.map(({ items }) => items.map((item) => [item['name'], Object.keys(item)])));
  };

  expect(await told(3)).toBe(await told(3));
  expect(await told(3)).not.toBe(await told(4));
});

test('several places of every kind, each with all that its service has', async () => {
  const simulator = createInProcessSimulator({ fixture: { storages: 2, drSites: 2, fileStorages: 3 } });

  const places = (usage: string) =>
    new Set(
      simulator.world
        .items(simulator.rootTenantId)
        .filter(({ usage_name, edition }) => usage_name === usage && edition !== 'standard')
        .map(({ infra_id }) => infra_id),
    ).size;

  expect([places('storage'), places('dr_storage'), places('compute_points'), places('fc_storage')]).toEqual([
    2, 2, 2, 3,
  ]);
});

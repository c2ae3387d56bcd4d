import { describe, expect, test } from '@jest/globals';
import { useCaller } from './caller.js';

const caller = useCaller();
const alerts = '/api/alert_manager/v1/alerts';
const weekAgo = new Date(Date.now() - 7 * 86_400_000);
type Page = {
  items: Record<string, unknown>[];
  size: number;
  paging: { cursors: { after?: string; before?: string } };
};
const get = async (path: string) => (await caller.callAt('GET', path)).body as unknown as Page;

describe.each(['tasks', 'activities'])('%s', (noun) => {
  const path = `/api/task_manager/v2/${noun}`;

  test('lie over two weeks; those of the last week are found by when they were completed', async () => {
    const everything = await get(path);
    const lastWeek = await get(`${path}?completedAt=gt(${weekAgo.toISOString()})`);

    expect(everything.size).toBeGreaterThanOrEqual(25);
    expect(lastWeek.size).toBeLessThan(everything.size);
    expect(new Set(everything.items.map(({ result }) => (result as { code: string }).code))).toEqual(
      new Set(['ok', 'warning', 'error']),
    );
  });

  test('come in pages by a cursor that needs no other filter', async () => {
    const ids: unknown[] = [];
    let page = await get(`${path}?limit=10&lod=short&state=completed`);
    ids.push(...page.items.map(({ idString }) => idString));
    while (page.paging.cursors.after !== undefined) {
      page = await get(`${path}?limit=10&lod=short&after=${page.paging.cursors.after}`);
      ids.push(...page.items.map(({ idString }) => idString));
    }

    expect(new Set(ids).size).toBe((await get(path)).size);
  });

  test('have numbers longer than JavaScript can hold, also sent as text', async () => {
    const { text, body } = await caller.callAt('GET', `${path}?limit=1`);
    const [{ idString }] = (body as unknown as Page).items as [{ idString: string }];

    expect(text).toContain(`"id":${idString},`);
    expect(Number.isSafeInteger(Number(idString))).toBe(false);
    expect((await caller.callAt('GET', `${path}/${idString}`)).body).toMatchObject({ idString });
  });

  test('are narrowed by several values, by likeness, and counted', async () => {
    const { size } = await get(path);

    expect((await get(`${path}?resultCode=ok,error,warning`)).size).toBe(size);
    expect((await get(`${path}?resourceName=like(seeded)`)).size).toBe(size);
    expect((await get(`${path}?resultCode=error`)).size).toBeLessThan(size);
    expect(await get(`${path}?lod=count`)).toMatchObject({ items: [], size });
  });
});

describe('alerts', () => {
  test('are of all three bad severities in the last week, and come newest first when asked so', async () => {
    const { items } = await get(`${alerts}?updated_at=gt(${weekAgo.getTime()}000000)&order=desc(created_at)`);

    const severities = new Set(items.map(({ severity }) => severity));
    expect([...severities]).toEqual(expect.arrayContaining(['critical', 'error', 'warning']));
    const times = items.map(({ createdAt }) => String(createdAt));
    expect(times).toEqual([...times].sort().toReversed());
  });

  test('come page by page in both directions, each answer on a line', async () => {
    const walk = async (way: 'after' | 'before', from: Page) => {
      const pages = [from];
      for (let page = from; page.paging.cursors[way] !== undefined; pages.push(page))
        page = await get(`${alerts}?limit=10&${way}=${page.paging.cursors[way]}`);
      return pages;
    };
    const there = await walk('after', await get(`${alerts}?limit=10`));
    const back = await walk('before', there.at(-1)!);

    const ids = (pages: Page[]) => pages.flatMap(({ items }) => items.map(({ id }) => id));
    expect(there.length).toBeGreaterThan(2);
    expect(new Set(ids(there)).size).toBe((await get(alerts)).items.length);
    expect(back.at(-1)!.items).toEqual(there[0]!.items);
    expect((await caller.callAt('GET', alerts)).text.endsWith('}\n')).toBe(true);
  });

  test('are found by severity in its order, and dismissed alone or by a filter', async () => {
    const bad = (await get(`${alerts}?severity=ge(error)`)).items;
    expect(new Set(bad.map(({ severity }) => severity))).toEqual(new Set(['error', 'critical']));
    const [first] = bad;

    expect((await caller.callAt('DELETE', `${alerts}/${String(first!['id'])}`)).status).toBe(204);
    expect((await caller.callAt('DELETE', `${alerts}?severity=or(error,critical)`)).status).toBe(204);

    expect((await get(`${alerts}?severity=ge(error)`)).items).toEqual([]);
    expect((await get(`${alerts}?severity=ge(error)&show_deleted=true`)).items).toHaveLength(bad.length);
  });

  test('are raised with a known type, also without the API', async () => {
    const { id } = await caller.aTenant();
    const number = String((await caller.callAt('GET', `/api/1/groups/${id}`)).body['id']);
    caller.simulator.world.raiseAlert({ tenantId: id, type: 'MalwareDetected' });

    const raised = await caller.callAt('POST', alerts, { type: 'BackupFailed', details: {}, tenantID: number });

    expect(raised.body).toEqual({ id: expect.any(String) });
    expect((await get(`${alerts}?tenant=${number}`)).items).toMatchObject([
      { type: 'MalwareDetected' },
      { type: 'BackupFailed' },
    ]);
    expect((await caller.callAt('POST', alerts, { type: 'Nonsense', details: {} })).status).toBe(400);
  });

  test('without a login are answered by the gateway, in HTML', async () => {
    const answer = await caller.callAt('GET', alerts, undefined, { authorization: 'Bearer nonsense' });

    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'text/html']);
  });
});

test('faults hit these APIs too, each with its own errors', async () => {
  const fault = { refuse: 503 };
  const routes = {
    '/api/agent_manager/v2/agents': { code: 'COMMUNICATION_ERROR', debug: expect.any(Object) },
    '/api/task_manager/v2/tasks': { domain: 'TaskManager', reason: expect.any(String) },
    '/api/alert_manager/v1/alerts': { domain: 'AlertManager' },
    '/api/resource_management/v4/resources': { code: 'InternalServerError', domain: 'General' },
    '/api/policy_management/v4/applications': { code: 'InternalServerError' },
    '/api/1/groups/{id}': { error: expect.objectContaining({ code: 503 }) },
  };

  for (const [path, body] of Object.entries(routes)) {
    caller.simulator.faults.next(`GET ${path}`, fault);
    const answer = await caller.callAt('GET', path.replace('{id}', caller.simulator.rootTenantId));
    expect([answer.status, answer.body]).toEqual([503, expect.objectContaining(body)]);
  }
  expect(caller.simulator.unknownRoutes).toEqual([]);
});

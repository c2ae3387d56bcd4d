import { afterEach, expect, test } from '@jest/globals';
import { all, items, sendsAsDocumented } from './endpoint-table.js';
import { startStandIn, type Answer, type StandIn } from './stand-in.js';

let cloud: StandIn | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

const TASKS = '/api/task_manager/v2';
const ALERTS = '/api/alert_manager/v1/alerts';
const since = new Date('2024-06-25T00:00:00.000Z');
const task = {
  id: 1,
  state: 'completed',
  result: { code: 'ok' },
  tenant: { id: '1415032', name: 'N', locator: '/1/' },
};
const alert = (id: string) => ({ id, severity: 'error', type: 'BackupFailed', tenant: { id: '1415032' } });

sendsAsDocumented([
  [
    `GET ${TASKS}/tasks?state=completed&resultCode=error&order=desc(updatedAt)&updatedAt=gt(2024-06-25T00:00:00.000Z)&limit=100`,
    async (a) =>
      all(a.tasks.list({ state: 'completed', resultCode: 'error', order: 'desc(updatedAt)', updatedAfter: since })),
    items(task),
    '',
  ],
  [
    `GET ${TASKS}/activities?updatedAt=gt(2024-06-25T00:00:00.000Z)&limit=100`,
    async (a) => all(a.taskActivities.list({ updatedAfter: since })),
    items(task),
    '',
  ],
  [
    `GET ${ALERTS}?updated_at=gt(1719273600000000000)&severity=ge(error)&order=desc(created_at)&limit=100`,
    async (a) => all(a.alerts.list({ updatedAfter: since, severity: 'error' })),
    items(alert('a')),
    '',
  ],
  [
    `GET ${ALERTS}?type=BackupFailed&category=Backup&query=ws&show_deleted=true&order=desc(created_at)&limit=10&after=x`,
    async (a) =>
      a.alerts.page(
        { type: 'BackupFailed', category: 'Backup', query: 'ws', showDeleted: true },
        { limit: 10, after: 'x' },
      ),
    items(),
    '',
  ],
]);

test.each([
  ['the text beside it', '{"id":9223372036854775807,"idString":"9223372036854775806"', '9223372036854775806'],
  ['the number itself', '{"id":9223372036854775807', '9223372036854775807'],
  ['a short number', '{"id":17', '17'],
])('reads the id of a task from %s, digit for digit', async (_from, beginning, id) => {
  cloud = await startStandIn(() => [200, `{"items":[${beginning},"state":"started"}]}`]);

  expect(await all(cloud.acronis.tasks.list())).toMatchObject([{ id, state: 'started', result: null }]);
});

test('returns the task of an activity, digit for digit', async () => {
  const text = '{"items":[{"id":8,"taskId":731000000000000123,"taskIdString":"731000000000000123","state":"started"}]}';
  cloud = await startStandIn(() => [200, text]);

  expect(await all(cloud.acronis.taskActivities.list())).toMatchObject([{ id: '8', taskId: '731000000000000123' }]);
});

test('follows the cursor of tasks with nothing but the limit', async () => {
  cloud = await startStandIn(({ url }) => [
    200,
    { items: [task], size: 1, paging: { cursors: url.includes('after=') ? {} : { after: 'next' } } },
  ]);

  await all(cloud.acronis.tasks.list({ state: 'completed' }));

  expect(cloud.calls.map(({ url }) => url)).toEqual([
    `${TASKS}/tasks?state=completed&limit=100`,
    `${TASKS}/tasks?limit=100&after=next`,
  ]);
});

/** Three pages of alerts: a and b, c and d, e. */
const threePages = (url: string): Answer => {
  const query = new URL(url, 'http://x').searchParams;
  const at = { a2: 1, a3: 2, b1: 0, b2: 1 }[query.get('after') ?? query.get('before') ?? ''] ?? 0;
  const page = [
    { items: ['a', 'b'], cursors: { after: 'a2' } },
    { items: ['c', 'd'], cursors: { after: 'a3', before: 'b1' } },
    { items: ['e'], cursors: { before: 'b2' } },
  ][at]!;
  return [200, { items: page.items.map(alert), paging: { cursors: page.cursors } }];
};
const ids = (alerts: { id: string }[]) => alerts.map(({ id }) => id).join('');

test('reads all alerts page by page and one page back, and repeats the filters', async () => {
  cloud = await startStandIn(({ url }) => threePages(url));
  const { alerts } = cloud.acronis;

  const there = await all(alerts.list({ severity: 'error' }));
  const last = await alerts.page({ severity: 'error' }, { after: 'a3' });
  const back = await alerts.page({ severity: 'error' }, { before: last.before });

  expect([ids(there), ids(last.items), ids(back.items)]).toEqual(['abcde', 'e', 'cd']);
  expect(last.after).toBeUndefined();
  expect(cloud.calls.every(({ url }) => url.includes('severity=ge%28error%29'))).toBe(true);
  expect(cloud.calls.filter(({ url }) => url.includes('before=') && url.includes('after='))).toEqual([]);
});

test('returns the details of an alert unchanged', async () => {
  const details = { planName: 'Nightly', count: 3, nested: { x: [1] } };
  cloud = await startStandIn(() => items({ ...alert('a'), details }, { id: 'b' }));

  expect(await all(cloud.acronis.alerts.list())).toMatchObject([{ details }, { details: {}, severity: null }]);
});

test('reads a refusal of the alert manager that is no JSON', async () => {
  cloud = await startStandIn(() => [401, '<html>401</html>', { 'content-type': 'text/plain' }]);

  await expect(all(cloud.acronis.alerts.list())).rejects.toMatchObject({ kind: 'credentials' });
});

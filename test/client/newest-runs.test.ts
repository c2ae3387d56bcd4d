import { expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { newestRuns, type NewestOptions } from '../../client/newest-runs.js';

const NOW = Date.now();
const MINUTE = 60_000;

interface Row {
  name: string;
  /** Minutes ago. */
  age: number;
  type?: string;
}

/** A service that lists open runs first, then those that closed last, and counts the runs that it has given. */
function serviceWith(rows: readonly Row[]) {
  const asked: string[] = [];
  let given = 0;
  async function* list({ query }: { query: string }) {
    asked.push(query);
    const [, from = ''] = /StartTime >= '([^']+)'/.exec(query) ?? [];
    const [, to = '9'] = /StartTime < '([^']+)'/.exec(query) ?? [];
    const [, type] = /WorkflowType = '(\w+)'/.exec(query) ?? [];
    for (const row of rows.toSorted((a, b) => a.name.localeCompare(b.name))) {
      const startTime = new Date(NOW - row.age * MINUTE);
      const at = startTime.toISOString();
      if (at < from || at >= to || (type !== undefined && type !== (row.type ?? 'lockTenant'))) continue;
      given += 1;
      yield {
        workflowId: row.name,
        runId: `run of ${row.name}`,
        type: row.type ?? 'lockTenant',
        status: { name: 'RUNNING' },
        startTime,
        typedSearchAttributes: { get: () => undefined },
      };
    }
  }
  const client = { workflow: { list }, options: { loadedDataConverter: { payloadCodecs: [] } } } as unknown as Client;
  return { client, asked, given: () => given };
}

const ages = [0.2, 0.5, 3, 20, 200, 2000, 20_000, 60_000];
const rows = ages.map((age, at) => ({ name: `run ${(at * 5) % 8}`, age }));
const newestFirst = rows.map(({ name }) => name);
const namesOf = async (client: Client, options: NewestOptions) => {
  const { runs, older } = await newestRuns(client, options);
  return { names: runs.map(({ id }) => id), older };
};

test('the newest come first, however the service lists them', async () => {
  const { client } = serviceWith(rows);

  expect(await namesOf(client, {})).toEqual({ names: newestFirst, older: undefined });
});

test.each([1, 3, 7])('pages of %i have every run once', async (limit) => {
  const { client } = serviceWith(rows);
  const seen: string[] = [];
  for (let before: string | undefined = new Date(NOW + MINUTE).toISOString(); before !== undefined;) {
    const page = await namesOf(client, { limit, before: new Date(before) });
    expect(page.names.length).toBeLessThanOrEqual(limit);
    seen.push(...page.names);
    before = page.older;
  }

  expect(seen).toEqual(newestFirst);
});

test('runs of one millisecond are on one page', async () => {
  const { client } = serviceWith([
    { name: 'a', age: 1 },
    { name: 'b', age: 5 },
    { name: 'c', age: 5 },
    { name: 'd', age: 9 },
  ]);

  const { names, older } = await namesOf(client, { limit: 2 });

  expect(names).toEqual(['a', 'b', 'c']);
  expect((await namesOf(client, { limit: 2, before: new Date(older!) })).names).toEqual(['d']);
});

test('a few are found without reading all', async () => {
  const many = Array.from({ length: 500 }, (_one, at) => ({ name: `old ${at}`, age: 20_000 + at }));
  const { client, given } = serviceWith([...rows.slice(0, 4), ...many]);

  const { names, older } = await namesOf(client, { limit: 2 });

  expect(names).toEqual(newestFirst.slice(0, 2));
  expect(older).toBeDefined();
  expect(given()).toBeLessThan(10);
});

test('only those of an operation, and of a time', async () => {
  const { client } = serviceWith([...rows, { name: 'other', age: 4, type: 'addUser' }]);
  const minutesAgo = (age: number) => new Date(NOW - age * MINUTE);

  expect((await namesOf(client, { operation: 'addUser', limit: 5 })).names).toEqual(['other']);
  expect((await namesOf(client, { since: minutesAgo(250), before: minutesAgo(10) })).names).toEqual(
    newestFirst.slice(3, 5),
  );
  expect((await namesOf(client, { since: minutesAgo(250), limit: 50 })).names).toEqual([
    ...newestFirst.slice(0, 3),
    'other',
    ...newestFirst.slice(3, 5),
  ]);
});

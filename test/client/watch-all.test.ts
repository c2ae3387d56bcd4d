import { expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { watchAll } from '../../client/cli/watch.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A client that gives these answers one after the other, and the queries that it got. */
function clientThat(...looks: ('answers' | 'fails')[]) {
  const stop = new AbortController();
  const queries: string[] = [];
  const list = async function* ({ query }: { query: string }) {
    const how = looks[queries.push(query) - 1];
    if (queries.length === looks.length) stop.abort();
    if (how === 'fails') throw new Error('14 UNAVAILABLE');
    yield* [];
  };
  const options = { loadedDataConverter: { payloadCodecs: [] } };
  return { client: { workflow: { list }, options } as unknown as Client, stop: stop.signal, queries };
}

test('runs that ended more than a minute ago are not shown, however long one watches', async () => {
  const { client, stop, queries } = clientThat('answers', 'answers');
  let time = 0;

  await watchAll(client, () => (time += DAY_MS), stop, { now: () => time + MINUTE_MS });

  expect(queries[0]).toContain("CloseTime >= '1970-01-01T00:00:00.000Z'");
  expect(queries[1]).toContain("CloseTime >= '1970-01-02T00:00:00.000Z'");
});

test('a call that fails for a moment does not end it', async () => {
  const { client, stop } = clientThat('answers', 'fails', 'answers');
  let shown = 0;

  await watchAll(client, () => (shown += 1), stop);

  expect(shown).toBe(2);
});

test('a lasting outage of Temporal ends it, with its error', async () => {
  const { client, stop } = clientThat('fails', 'fails', 'answers');
  let time = 0;

  const watching = watchAll(
    client,
    () => undefined,
    stop,
    // a clock that is set back does not make an outage shorter
    { now: () => -time, monotonic: () => (time += MINUTE_MS) },
  );

  await expect(watching).rejects.toThrow('UNAVAILABLE');
});

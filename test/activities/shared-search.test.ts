import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, jest, test } from '@jest/globals';
import { SharedSearch, type Asking } from '../../activities/shared-search.js';

const START = Date.UTC(2026, 0, 1);
const seconds = (count: number) => START + count * 1000;
afterEach(() => void jest.restoreAllMocks());

/** Searches that end when the test says so. Each finds its own number. */
function searches() {
  const shared = new SharedSearch<number>();
  const ends: { resolve: (found: number) => void; reject: (error: Error) => void }[] = [];
  const search = async () =>
    await new Promise<number>((resolve, reject) => {
      ends.push({ resolve, reject });
    });
  const ask = async (asking: Asking) => {
    const answer = shared.find(asking, search);
    answer.catch(() => undefined);
    // searches begin in later microtasks
    await new Promise(setImmediate);
    return answer;
  };
  return {
    begun: () => ends.length,
    /** The answer is wrapped, because it is not there yet. */
    ask: (asking: Asking) => ({ answer: ask(asking) }),
    end: async (nth: number) => {
      ends[nth]!.resolve(nth);
      await new Promise(setImmediate);
    },
    fail: async (nth: number) => {
      ends[nth]!.reject(new Error('unavailable'));
      await new Promise(setImmediate);
    },
    settle: async () => await new Promise(setImmediate),
  };
}

test('claims that come while a search runs share the next one', async () => {
  const { ask, settle, end, begun } = searches();
  ask({ startedAt: seconds(0) });
  await settle();
  const all = [1, 2, 3].map((at) => ask({ startedAt: seconds(at) }).answer);
  await settle();
  expect(begun()).toBe(1);

  await end(0);
  await end(1);

  expect(await Promise.all(all)).toEqual([1, 1, 1]);
  expect(begun()).toBe(2);
});

test('runs that were started long before a search use it, so that a thousand starts need few', async () => {
  const { ask, settle, end, begun } = searches();
  ask({ startedAt: seconds(0), askedAt: seconds(20) });
  await settle();
  await end(0);

  const waited = ask({ startedAt: seconds(14), askedAt: seconds(20) });
  expect(await waited.answer).toBe(0);
  const young = ask({ startedAt: seconds(16), askedAt: seconds(20) });
  await settle();
  expect(begun()).toBe(2);
  await end(1);
  expect(await young.answer).toBe(1);
});

test('a search is used for ten times as long as it took, and no longer', async () => {
  let now = 0;
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  const { ask, settle, end, begun } = searches();
  const asking = { startedAt: seconds(0), askedAt: seconds(20) };
  ask(asking);
  await settle();
  now = 2000;
  await end(0);

  now = 19_999;
  expect(await ask(asking).answer).toBe(0);
  now = 20_000;
  ask(asking);
  await settle();
  expect(begun()).toBe(2);
});

test('a run that claims again gets a search that begins now', async () => {
  const { ask, settle, end, begun } = searches();
  ask({ startedAt: seconds(0), askedAt: seconds(20) });
  await settle();
  await end(0);

  ask({ startedAt: seconds(0), askedAt: seconds(20), again: true });
  await settle();

  expect(begun()).toBe(2);
});

test('a search that failed answers nobody who comes later', async () => {
  const { ask, settle, fail, end } = searches();
  const asking = { startedAt: seconds(0), askedAt: seconds(20) };
  const first = ask(asking).answer;
  await settle();
  await fail(0);
  await expect(first).rejects.toThrow('unavailable');

  const second = ask(asking).answer;
  await settle();
  await end(1);
  expect(await second).toBe(1);
});

test('the deadline of one claim does not end the search of all', async () => {
  const deadline = new AsyncLocalStorage<string>();
  const shared = new SharedSearch<string | undefined>();

  const found = await deadline.run('in a second', async () =>
    shared.find({ startedAt: START }, async () => deadline.getStore()),
  );

  expect(found).toBeUndefined();
});

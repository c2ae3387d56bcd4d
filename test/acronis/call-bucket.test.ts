import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createCallBucket, type CallBucket } from '../../acronis/index.js';
import { createRateLimiter } from '../../acronis/rate-limiter.js';
import { turnInBudget } from '../../acronis/turn-in-budget.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A bucket with a lease that outlives the test, unless given. */
function bucketWith(rate: number, { forMs = Infinity, afterwards = 0 } = {}): CallBucket {
  const bucket = createCallBucket(() => performance.now());
  bucket.setLease({ rate, until: performance.now() + forMs, afterwards });
  return bucket;
}

/** Asks for calls, and gives the list of those that went, with the time. */
function asking(bucket: CallBucket) {
  const begun = performance.now();
  const sent: { name: string; at: number }[] = [];
  const ask = (name: string, turn: Parameters<CallBucket['acquire']>[0] = {}) =>
    void bucket.acquire(turn).then(() => sent.push({ name, at: performance.now() - begun }));
  return { sent, ask, names: () => sent.map(({ name }) => name).join(' ') };
}

describe('the pace', () => {
  test('holds also after a 429: what waited for the cloud is not sent all at once', async () => {
    const [bucket, limiter] = [bucketWith(10), createRateLimiter(() => performance.now())];
    limiter.onThrottled(performance.now(), 3000);
    const sent: number[] = [];
    const send = async () => {
      await turnInBudget(bucket, limiter, {});
      limiter.onServed();
      sent.push(performance.now());
    };
    for (let nth = 0; nth < 60; nth += 1) void send();

    await jest.advanceTimersByTimeAsync(2999);
    expect(sent).toEqual([]);

    await jest.advanceTimersByTimeAsync(1001);
    expect(sent.length).toBeGreaterThanOrEqual(10);
    expect(sent.length).toBeLessThanOrEqual(12);
    await jest.advanceTimersByTimeAsync(5000);
    expect(sent).toHaveLength(60);
  });

  test('without a lease nothing goes; with one, calls go at its rate, and in every second at most that many and a fifth', async () => {
    const bucket = createCallBucket(() => performance.now());
    const { sent, ask } = asking(bucket);
    for (let nth = 0; nth < 100; nth += 1) ask(`${nth}`);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);

    bucket.setLease({ rate: 10, until: Infinity, afterwards: 0 });
    await jest.advanceTimersByTimeAsync(8000);

    expect(sent).toHaveLength(80);
    const within = (from: number) => sent.filter(({ at }) => at >= from && at < from + 1000).length;
    for (const { at } of sent) expect(within(at)).toBeLessThanOrEqual(12);
  });

  test('a pause saves up a fifth of a second, and no more', async () => {
    const { sent, ask } = asking(bucketWith(50));
    await jest.advanceTimersByTimeAsync(3_600_000);

    for (let nth = 0; nth < 30; nth += 1) ask(`${nth}`);
    await jest.advanceTimersByTimeAsync(0);

    expect(sent).toHaveLength(10);
  });

  test('at the end of its lease it goes on at the rate for afterwards, or not at all', async () => {
    for (const [afterwards, expected] of [
      [5, 30],
      [0, 20],
    ] as const) {
      const { sent, ask } = asking(bucketWith(10, { forMs: 2000, afterwards }));
      for (let nth = 0; nth < 100; nth += 1) ask(`${nth}`);
      await jest.advanceTimersByTimeAsync(4000);
      expect(sent).toHaveLength(expected);
    }
  });

  test('a call that was not sent after all leaves its place to the next one', async () => {
    const bucket = bucketWith(1);
    const { sent, ask } = asking(bucket);
    for (const name of ['one', 'two']) ask(name);
    await jest.advanceTimersByTimeAsync(1000);
    expect(sent).toHaveLength(1);

    bucket.giveBack();
    await jest.advanceTimersByTimeAsync(0);

    expect(sent).toHaveLength(2);
  });
});

test('a call that all others need goes at once, also without a lease, and the next one waits for it', async () => {
  const bucket = createCallBucket(() => performance.now());
  const { ask, names } = asking(bucket);
  ask('token', { atOnce: true });
  ask('call');
  await jest.advanceTimersByTimeAsync(0);
  expect(names()).toBe('token');
  expect(bucket.asked()).toEqual({ urgent: 2, bulk: 0 });

  bucket.setLease({ rate: 1, until: Infinity, afterwards: 0 });
  await jest.advanceTimersByTimeAsync(1999);
  expect(names()).toBe('token');
  await jest.advanceTimersByTimeAsync(1);

  expect(names()).toBe('token call');
});

describe('the order', () => {
  test('urgent calls go before bulk calls that came first, but one of ten is a bulk call', async () => {
    const { sent, ask, names } = asking(bucketWith(10));
    for (let nth = 0; nth < 30; nth += 1) ask('bulk', { bulk: true });
    for (let nth = 0; nth < 20; nth += 1) ask('urgent');

    await jest.advanceTimersByTimeAsync(2200);

    const tenth = `${'urgent '.repeat(9)}bulk`;
    expect(names()).toBe(`${tenth} ${tenth} urgent urgent`);
    await jest.advanceTimersByTimeAsync(2800);
    expect(sent).toHaveLength(50);
  });

  test('within a class, the calls of older attempts go first', async () => {
    const { ask, names } = asking(bucketWith(10));
    ask('younger', { since: 20 });
    ask('older', { since: 10 });
    ask('oldest', { since: 5 });

    await jest.advanceTimersByTimeAsync(300);

    expect(names()).toBe('oldest older younger');
  });

  test('a call that is cancelled fails with the reason, and the next one takes its place', async () => {
    const bucket = bucketWith(1);
    const { ask, names } = asking(bucket);
    const attempt = new AbortController();
    const cancelled = bucket.acquire({ signal: attempt.signal }).catch((error: unknown) => error);
    ask('next');
    const reason = new Error('cancelled');

    attempt.abort(reason);
    expect(await cancelled).toBe(reason);
    expect(bucket.waiting()).toEqual({ urgent: 1, bulk: 0 });
    await jest.advanceTimersByTimeAsync(1000);

    expect(names()).toBe('next');
  });
});

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createCallBucket, type CallBucket } from '../../acronis/index.js';
import { LEASE_MS, type LeaseAsk } from '../../contract/call-budget.js';
import { LeaseKeeper } from '../../worker/lease-keeper.js';
import { ask, emptyMemory, leaseOf, type BudgetMemory } from '../../workflows/call-budget/ledger.js';

/** How long an ask is on its way. */
const WAY_MS = 30;
const now = () => performance.now();

/** The budget of a cloud with its workers, in virtual time. */
class Cloud {
  readonly asks: LeaseAsk[] = [];
  readonly sent: { name: string; at: number }[] = [];
  isAway = false;
  private memory: BudgetMemory = emptyMemory();
  private readonly keepers: LeaseKeeper[] = [];

  constructor(private readonly callsPerSecond: number) {}

  worker(name: string) {
    const bucket = createCallBucket(now);
    const door = { ask: async (question: LeaseAsk) => await this.answer(question) };
    const keeper = new LeaseKeeper({ worker: name, callsPerSecond: this.callsPerSecond, bucket, door, now });
    this.keepers.push(keeper);
    return { bucket, keeper, call: (bulk = false) => this.call(bucket, name, bulk) };
  }

  /** So many things at a time call without a pause, until the end of the test. */
  keepCalling({ bucket }: { bucket: CallBucket }, name: string, atOnce: number): void {
    const again = async (): Promise<never> => {
      for (;;) await this.call(bucket, name, true);
    };
    for (let nth = 0; nth < atOnce; nth += 1) void again();
  }

  sentBetween(from: number, to: number, name = ''): number {
    return this.sent.filter((one) => one.at > from && one.at <= to && one.name.startsWith(name)).length;
  }

  async close(): Promise<void> {
    this.isAway = false;
    const closing = Promise.all(this.keepers.map(async (one) => await one.close()));
    await jest.advanceTimersByTimeAsync(10 * WAY_MS);
    await closing;
  }

  get holders(): string[] {
    return this.memory.holders.map(({ worker }) => worker);
  }

  private async call(bucket: CallBucket, name: string, bulk: boolean): Promise<void> {
    await bucket.acquire({ bulk });
    this.sent.push({ name, at: now() });
  }

  private async answer(question: LeaseAsk) {
    this.asks.push(question);
    await new Promise((resolve) => setTimeout(resolve, WAY_MS));
    if (this.isAway) throw new Error('no answer');
    this.memory = ask(this.memory, question, now());
    return leaseOf(this.memory, question.worker);
  }
}

let cloud: Cloud;
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(async () => {
  await cloud.close();
  jest.useRealTimers();
});

describe('two workers with more work than the budget allows', () => {
  test('use at least 95 % of it and never more, each half, and ask seldom', async () => {
    cloud = new Cloud(20);
    for (const name of ['a', 'b']) cloud.keepCalling(cloud.worker(name), name, 25);

    await jest.advanceTimersByTimeAsync(15_000);
    const begun = now();
    await jest.advanceTimersByTimeAsync(60_000);

    const used = cloud.sentBetween(begun, begun + 60_000);
    expect(used).toBeGreaterThanOrEqual(0.95 * 20 * 60);
    for (const { at } of cloud.sent) expect(cloud.sentBetween(at, at + 1000)).toBeLessThanOrEqual(20 * 1.2 + 1);
    expect(cloud.sentBetween(begun, begun + 60_000, 'a') / used).toBeCloseTo(0.5, 1);
    expect(cloud.asks.length).toBeLessThan(2 * 20 * 2);
  });

  test('an urgent call passes the bulk calls of its worker, and those of the other one', async () => {
    cloud = new Cloud(10);
    const [a, b] = [cloud.worker('a'), cloud.worker('b')];
    cloud.keepCalling(a, 'a', 50);
    cloud.keepCalling(b, 'b', 50);
    await jest.advanceTimersByTimeAsync(20_000);

    const begun = now();
    for (let nth = 0; nth < 8; nth += 1) void a.call().then(() => cloud.sent.push({ name: 'urgent', at: now() }));
    await jest.advanceTimersByTimeAsync(3000);

    expect(cloud.sentBetween(begun, begun + 3000, 'urgent')).toBe(8);
    expect(a.bucket.waiting()).toEqual({ urgent: 0, bulk: 50 });
  });
});

test('a worker that begins later has its share within one lease, and what it leaves goes back within one', async () => {
  cloud = new Cloud(10);
  const [first, later] = [cloud.worker('first'), cloud.worker('later')];
  cloud.keepCalling(first, 'first', 30);
  await jest.advanceTimersByTimeAsync(20_000);
  expect(first.keeper.leased).toBeCloseTo(10);

  for (let nth = 0; nth < 60; nth += 1) void later.call(true);
  await jest.advanceTimersByTimeAsync(10_000);
  expect([first.keeper.leased, later.keeper.leased].map(Math.round)).toEqual([5, 5]);

  await jest.advanceTimersByTimeAsync(30_000);
  expect(first.keeper.leased).toBeCloseTo(10);
  expect(cloud.holders).toEqual(['first']);
});

describe('a worker without calls', () => {
  test('asks nothing before the first call, and gives the lease back after the last one', async () => {
    cloud = new Cloud(10);
    const { call } = cloud.worker('a');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(cloud.asks).toEqual([]);

    await Promise.all([call(), jest.advanceTimersByTimeAsync(1000)]);
    await jest.advanceTimersByTimeAsync(10_000);

    expect(cloud.asks.at(-1)).toMatchObject({ urgent: 0, bulk: 0 });
    expect(cloud.holders).toEqual([]);
    const { length } = cloud.asks;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(cloud.asks).toHaveLength(length);
  });

  test('gives the lease back when it stops', async () => {
    cloud = new Cloud(10);
    const { call } = cloud.worker('a');
    await Promise.all([call(), jest.advanceTimersByTimeAsync(1000)]);
    expect(cloud.holders).toEqual(['a']);

    await cloud.close();

    expect(cloud.holders).toEqual([]);
  });
});

describe('while Temporal does not answer', () => {
  test('the lease counts to its end, then its half, until Temporal answers again', async () => {
    cloud = new Cloud(10);
    cloud.keepCalling(cloud.worker('a'), 'a', 30);
    await jest.advanceTimersByTimeAsync(20_000);

    cloud.isAway = true;
    await jest.advanceTimersByTimeAsync(12_000);
    const away = now();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(cloud.sentBetween(away, away + 60_000)).toBeGreaterThanOrEqual(295);
    expect(cloud.sentBetween(away, away + 60_000)).toBeLessThanOrEqual(301);

    cloud.isAway = false;
    await jest.advanceTimersByTimeAsync(2000);
    const back = now();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(cloud.sentBetween(back, back + 10_000)).toBeGreaterThanOrEqual(95);
  });

  test('a worker that never had a lease makes a tenth of the budget', async () => {
    cloud = new Cloud(10);
    cloud.isAway = true;
    cloud.keepCalling(cloud.worker('a'), 'a', 5);

    await jest.advanceTimersByTimeAsync(30_000);

    expect(cloud.sent.length).toBeGreaterThanOrEqual(28);
    expect(cloud.sent.length).toBeLessThanOrEqual(30);
  });
});

test('when the clock of the server is set back, the lease of a dead worker lapses all the same', () => {
  const question = { callsPerSecond: 10, urgent: 0, bulk: 10, nth: 1, uses: 0 };
  const before = ask(emptyMemory(), { ...question, worker: 'dead' }, 3_600_000);

  const meanwhile = ask(before, { ...question, worker: 'living' }, 0);
  expect(leaseOf(meanwhile, 'living')?.callsPerSecond).toBe(0);

  const afterwards = ask(meanwhile, { ...question, worker: 'living', nth: 2, uses: 1 }, LEASE_MS + 1);
  expect(leaseOf(afterwards, 'living')?.callsPerSecond).toBe(10);
});

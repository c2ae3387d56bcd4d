import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryResult } from '../../activities/outgoing-events.js';
import { EVENT_NOT_DELIVERED } from '../../contract/outgoing-events.js';
import { EventDeliveries } from '../support/event-deliveries.js';

const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000];

let world!: EventDeliveries;
beforeAll(() => {
  world = new EventDeliveries();
  world.hire();
});
beforeEach(() => {
  world.arrivals.length = 0;
  world.answer = () => 'delivered';
});
afterAll(async () => await world.close());

describe('events about one subject', () => {
  test('arrive in order, and the next waits until the one before is taken', async () => {
    const subject = world.aSubject();
    let isDown = true;
    world.answer = () => (isDown ? { why: 'the receiver has answered 503' } : 'delivered');
    const run = await world.give('one', { subject });
    await world.give('two', { subject });
    await world.time.sleep(DAY_MS);
    expect(new Set(world.got())).toEqual(new Set(['one']));

    isDown = false;
    await run.result();

    expect(world.got().slice(-2)).toEqual(['one', 'two']);
  });

  test('do not wait for those about another', async () => {
    const [slow, quick] = [world.aSubject(), world.aSubject()];
    world.answer = ({ data }) => (data.id === slow ? { why: 'the receiver has answered 503' } : 'delivered');
    const waiting = await world.give('slow', { subject: slow });

    await (await world.give('quick', { subject: quick })).result();

    expect(world.got()).toContain('quick');
    world.answer = () => 'delivered';
    await waiting.result();
  });

  test('that are given twice are sent once', async () => {
    const subject = world.aSubject();
    let taken = 0;
    world.answer = () => ((taken += 1) > 3 ? 'delivered' : { why: 'the receiver has answered 503' });
    const run = await world.give('one', { subject });
    await world.give('one', { subject });
    await world.give('two', { subject });
    await run.result();

    expect(world.got()).toEqual(['one', 'one', 'one', 'one', 'two']);
  });
});

describe('a receiver that is down', () => {
  test('is tried for three days, more and more seldom; then the event is given up, and the next one begins', async () => {
    const subject = world.aSubject();
    world.answer = ({ id }) => (id === 'lost' ? { why: 'the receiver has answered 500' } : 'delivered');
    const run = await world.give('lost', { subject });
    await world.time.sleep(DAY_MS);
    await world.give('kept', { subject });

    await expect(run.result()).rejects.toMatchObject({ cause: { type: EVENT_NOT_DELIVERED } });

    const tries = world.arrivals.filter(({ id }) => id === 'lost').map(({ at }) => at);
    const pauses = tries.slice(1).map((at, nth) => at - tries[nth]!);
    expect(tries.at(-1)! - tries[0]!).toBeGreaterThan(3 * DAY_MS - 65 * MINUTE_MS);
    expect(tries.at(-1)! - tries[0]!).toBeLessThanOrEqual(3 * DAY_MS);
    expect(pauses[0]).toBeLessThanOrEqual(5100);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60 * MINUTE_MS + 100);
    // by chance, so that not all come back at the same time
    expect(new Set(pauses.slice(-10)).size).toBeGreaterThan(5);
    expect(world.got().at(-1)).toBe('kept');
  });

  test('that says when to come back is left alone until then', async () => {
    let tries = 0;
    world.answer = () =>
      (tries += 1) === 1 ? { why: 'the receiver has answered 429', retryAfterMs: 7 * 60 * MINUTE_MS } : 'delivered';
    const run = await world.give('one', { subject: world.aSubject() });
    await run.result();

    const [first, second] = world.arrivals as [(typeof world.arrivals)[0], (typeof world.arrivals)[0]];
    expect(second.at - first.at).toBeGreaterThanOrEqual(7 * 60 * MINUTE_MS);
  });

  test.each(['gone', 'removed'] as const)(
    'that is %s gets nothing more of this subject, and nothing fails',
    async (outcome) => {
      const subject = world.aSubject();
      world.answer = () => outcome;
      const run = await world.give('one', { subject });
      await world.give('two', { subject });
      await run.result();

      expect(world.got()).toEqual(['one']);
    },
  );
});

test('a worker that dies while it delivers costs a repeat with the same id, and no event', async () => {
  const subject = world.aSubject();
  let isFirst = true;
  world.answer = async (): Promise<DeliveryResult> => {
    if (!isFirst) return 'delivered';
    isFirst = false;
    world.service.kill();
    return await new Promise<never>(() => undefined);
  };
  const run = await world.give('one', { subject });
  await world.give('two', { subject });
  await world.time.sleep(MINUTE_MS);
  world.hire();

  await run.result();

  expect(world.got()).toEqual(['one', 'one', 'two']);
});

test('a delivery with more events than it can keep gives up the oldest that wait', async () => {
  const subject = world.aSubject();
  let isDown = true;
  world.answer = () => (isDown ? { why: 'the receiver has answered 503' } : 'delivered');
  const run = await world.give('e0', { subject });
  for (let nth = 1; nth <= 203; nth += 1) await world.give(`e${nth}`, { subject });
  isDown = false;

  await expect(run.result()).rejects.toMatchObject({ cause: { message: '4 event(s) were given up' } });

  const got = [...new Set(world.got())];
  expect(got).toHaveLength(200);
  expect(got.slice(0, 2)).toEqual(['e0', 'e5']);
});

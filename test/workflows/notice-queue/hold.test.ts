import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { jsonBytes } from '../../../contract/json-bytes.js';
import type { RoutedNotice } from '../../../contract/notice-queue.js';
import { hold, nextDue, take } from '../../../workflows/notice-queue/hold.js';
import { emptyMemory, type QueueMemory } from '../../../workflows/notice-queue/memory.js';
import { delivered, failed } from '../../../workflows/notice-queue/tries.js';
import { blockedRun } from '../../support/routed-notices.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const holdAll = (memory: QueueMemory, all: readonly RoutedNotice[], now: number) =>
  all.reduce((before, one) => hold(before, one, now), memory);
let made = 0;
const takeAt = (memory: QueueMemory, now: number) => take(memory, now, () => `batch-${(made += 1)}`);
const sendAt = (memory: QueueMemory, now: number) => {
  const taken = takeAt(memory, now);
  return { sent: taken.outgoing, memory: delivered(taken) };
};

describe('notices of one cause', () => {
  test('are one message with a count and the first names', () => {
    const memory = holdAll(
      emptyMemory(),
      Array.from({ length: 300 }, (_, nth) => blockedRun({ name: `run-${nth}` })),
      0,
    );
    const { sent } = sendAt(memory, 30_000);

    expect(nextDue(memory)).toBe(30_000);
    expect(sent?.groups).toEqual([expect.objectContaining({ count: 300, reminders: 0, earlier: 0 })]);
    expect(sent?.groups[0]?.names).toEqual(Array.from({ length: 10 }, (_, nth) => `run-${nth}`));
  });

  test('that come again with the same id count once', () => {
    const one = blockedRun({ name: 'a' });
    expect(holdAll(emptyMemory(), [one, one], 0).held[0]?.count).toBe(1);
  });

  test('that come after its message wait until the pause is over, and the next one says how many there were', () => {
    const first = sendAt(hold(emptyMemory(), blockedRun({ name: 'a' }), 0), 30_000);
    const later = holdAll(first.memory, [blockedRun({ name: 'b' }), blockedRun({ name: 'c' })], HOUR);

    expect(nextDue(later)).toBe(4 * HOUR + 30_000);
    expect(sendAt(later, 4 * HOUR + 30_000).sent?.groups).toMatchObject([{ count: 2, names: ['b', 'c'], earlier: 1 }]);
  });

  test('have no pause once they are more urgent', () => {
    const first = sendAt(hold(emptyMemory(), blockedRun({ name: 'a' }), 0), 30_000);
    const waiting = hold(first.memory, blockedRun({ name: 'b' }), HOUR);
    const urgent = hold(waiting, blockedRun({ name: 'c', severity: 'urgent' }), HOUR);

    expect(nextDue(urgent)).toBe(HOUR + 30_000);
    expect(urgent.held).toMatchObject([{ severity: 'urgent', count: 2 }]);
  });

  test('are forgotten after the pause, if nothing more came', () => {
    const first = sendAt(hold(emptyMemory(), blockedRun({ name: 'a' }), 0), 30_000);
    const later = hold(first.memory, blockedRun({ name: 'b' }), 5 * HOUR);

    expect(nextDue(later)).toBe(5 * HOUR + 30_000);
  });

  test('count a reminder apart, and its words are the newest', () => {
    const reminder = (nth: number) => blockedRun({ name: 'a', nth });
    const memory = holdAll(emptyMemory(), [blockedRun({ name: 'a' }), reminder(1), reminder(2)], 0);

    expect(memory.held).toMatchObject([{ count: 1, reminders: 2, names: ['a'], notice: { nth: 2 } }]);
  });
});

describe('a digest', () => {
  const digest = [10 * HOUR, 34 * HOUR];
  const forDigest = (name: string) => blockedRun({ name, times: { quiet: [], digest } });

  test('holds everything until its time, and has no pause from one day to the next', () => {
    const first = hold(emptyMemory(), forDigest('a'), 0);
    expect(nextDue(first)).toBe(10 * HOUR);
    const next = hold(sendAt(first, 10 * HOUR).memory, forDigest('b'), 11 * HOUR);
    expect(nextDue(next)).toBe(34 * HOUR);
  });

  test('does not hold a cause that has become urgent', () => {
    const memory = hold(hold(emptyMemory(), forDigest('a'), 0), blockedRun({ name: 'b', severity: 'urgent' }), HOUR);
    expect(nextDue(memory)).toBe(HOUR + 30_000);
  });
});

describe('a target that is away', () => {
  const begun = takeAt(hold(emptyMemory(), blockedRun({ name: 'a' }), 0), MINUTE);

  /** Fails until the message is given up. Gives the memory, and the pauses between the tries. */
  function failFrom(memory: QueueMemory) {
    const pauses: number[] = [];
    let now = MINUTE;
    let after = failed(memory, now);
    while (after.outgoing !== undefined) {
      pauses.push(after.outgoing.nextTry - now);
      now = after.outgoing.nextTry;
      after = failed(after, now);
    }
    return { pauses, now, after };
  }

  test('is tried at growing intervals of at most ten minutes for a day, with the same id', () => {
    const { pauses, now } = failFrom(begun);
    expect(pauses.slice(0, 8)).toEqual([10, 20, 40, 80, 160, 320, 600, 600].map((seconds) => seconds * 1000));
    expect(now - MINUTE).toBeGreaterThanOrEqual(24 * HOUR);
    expect(now - MINUTE).toBeLessThan(24 * HOUR + 10 * MINUTE);
    expect(failed(begun, MINUTE).outgoing?.id).toBe(begun.outgoing?.id);
  });

  test('loses nothing silently: the next message says how many were lost, and the cause has no pause', () => {
    const { after, now } = failFrom(begun);
    const next = hold(after, blockedRun({ name: 'b' }), now);

    expect(nextDue(next)).toBe(now + 30_000);
    expect(sendAt(next, now + 30_000).sent).toMatchObject({ lost: 1, groups: [{ count: 1, names: ['b'] }] });
  });

  test('collects meanwhile what comes, and nothing overtakes', () => {
    const meanwhile = hold(failed(begun, MINUTE), blockedRun({ name: 'b', step: 'other' }), MINUTE);
    expect(takeAt(meanwhile, HOUR)).toBe(meanwhile);
  });
});

describe('what a queue keeps', () => {
  const notice = fc.record({
    name: fc.string({ maxLength: 100 }),
    step: fc.integer({ min: 0, max: 400 }).map((nth) => `step-${nth}`),
    message: fc.string({ unit: 'binary', maxLength: 1000 }),
    severity: fc.constantFrom<RoutedNotice['severity']>('urgent', 'normal', 'low'),
  });

  test('is each notice or its number, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(notice, { minLength: 150, maxLength: 250 }), (all) => {
        const memory = holdAll(emptyMemory(), all.map(blockedRun), 0);
        const { sent } = sendAt(memory, HOUR);
        const told = (sent?.groups ?? []).reduce((sum, { count }) => sum + count, 0);
        expect(told + (sent?.more ?? 0)).toBe(all.length);
        const ranks = (sent?.groups ?? []).map(({ severity }) => ['urgent', 'normal', 'low'].indexOf(severity));
        expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
      }),
      { numRuns: 30 },
    );
  });

  test('is bounded, and what is urgent finds room after the rest does not', () => {
    const wide = '\u0000'.repeat(1000);
    const flood = (severity: RoutedNotice['severity']) =>
      Array.from({ length: 600 }, (_, nth) =>
        blockedRun({ name: wide.slice(0, 100), step: `${severity}-${nth}`, message: wide, severity }),
      );
    const short = Array.from({ length: 150 }, (_, nth) => blockedRun({ name: 'a', step: `short-${nth}` }));

    const full = holdAll(emptyMemory(), short, 0);
    expect(full).toMatchObject({ more: 50 });
    expect(holdAll(full, [blockedRun({ name: 'u', step: 'urgent', severity: 'urgent' })], 0).more).toBe(50);
    const all = holdAll(takeAt(holdAll(emptyMemory(), flood('urgent'), 0), HOUR), flood('low'), HOUR);
    expect(jsonBytes(all)).toBeLessThan(1_900_000);
  });
});

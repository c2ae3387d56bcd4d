import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { digestTimes, isAlwaysQuiet, quietTimes, type QuietHours } from '../../notice-routes/times.js';
import { nextTime } from '../../workflows/notice-queue/hold.js';

const vienna = 'Europe/Vienna';
const night: QuietHours = { from: '20:00', until: '07:00' };
const weekend: QuietHours = { from: '00:00', until: '00:00', days: ['sat', 'sun'] };

/** When something that comes at this time may be sent, as ISO 8601 in UTC. */
function sentAt(hours: QuietHours[], timezone: string, at: string): string {
  const now = Date.parse(at);
  return new Date(nextTime(now, { quiet: quietTimes(hours, timezone, now) })).toISOString();
}

describe('quiet hours', () => {
  test.each([
    ['before they begin', '2026-01-12T18:59:59.000Z', '2026-01-12T18:59:59.000Z'],
    ['as they begin', '2026-01-12T19:00:00.000Z', '2026-01-13T06:00:00.000Z'],
    ['before midnight', '2026-01-12T22:30:00.000Z', '2026-01-13T06:00:00.000Z'],
    ['after midnight', '2026-01-13T01:00:00.000Z', '2026-01-13T06:00:00.000Z'],
    ['as they end', '2026-01-13T06:00:00.000Z', '2026-01-13T06:00:00.000Z'],
  ])('of a night: what comes %s', (_, at, expected) => {
    expect(sentAt([night], vienna, at)).toBe(expected);
  });

  test('of the night in which clocks go forward end by the new time', () => {
    expect(sentAt([night], vienna, '2026-03-28T22:00:00.000Z')).toBe('2026-03-29T05:00:00.000Z');
  });

  test('of the night in which clocks go back end by the new time', () => {
    expect(sentAt([night], vienna, '2026-10-24T22:00:00.000Z')).toBe('2026-10-25T06:00:00.000Z');
  });

  test('that end at a time that is left out end an hour later by the clock', () => {
    const early: QuietHours = { from: '22:00', until: '02:30' };
    expect(sentAt([early], vienna, '2026-03-28T23:00:00.000Z')).toBe('2026-03-29T01:30:00.000Z');
  });

  test('that follow each other are one: Friday night, the weekend and Sunday night', () => {
    expect(sentAt([night, weekend], vienna, '2026-01-16T20:00:00.000Z')).toBe('2026-01-19T06:00:00.000Z');
  });

  test('are those of their time zone', () => {
    expect(sentAt([night], 'America/New_York', '2026-01-13T01:30:00.000Z')).toBe('2026-01-13T12:00:00.000Z');
    expect(sentAt([night], 'Asia/Kolkata', '2026-01-13T01:30:00.000Z')).toBe('2026-01-13T01:30:00.000Z');
  });

  test('are in order, apart from each other, and never end in another one', () => {
    const minute = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    const time = minute.map(([hour, of]) => `${String(hour).padStart(2, '0')}:${String(of).padStart(2, '0')}`);
    const hours = fc.record({ from: time, until: time });
    const zone = fc.constantFrom(vienna, 'America/New_York', 'Australia/Lord_Howe', 'UTC');
    const at = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') });
    fc.assert(
      fc.property(fc.array(hours, { maxLength: 4 }), zone, at, (list, timezone, now) => {
        const quiet = quietTimes(list, timezone, now);
        for (const [nth, [from, until]] of quiet.entries()) {
          expect(until).toBeGreaterThan(from);
          if (nth > 0) expect(from).toBeGreaterThan(quiet[nth - 1]![1]);
        }
        const sent = nextTime(now, { quiet });
        expect(quiet.every(([from, until]) => sent < from || sent >= until)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    [[{ from: '00:00', until: '00:00' }], true],
    [[{ from: '07:00', until: '20:00' }, night], true],
    [[{ from: '07:00', until: '19:59' }, night], false],
    [[weekend, night], false],
    [[], false],
  ] as [QuietHours[], boolean][])('%j are always: %s', (hours, expected) => {
    expect(isAlwaysQuiet(hours)).toBe(expected);
  });
});

describe('a digest', () => {
  const first = (at: string, timezone: string, now: string) =>
    new Date(digestTimes(at, timezone, Date.parse(now))[0]!).toISOString();

  test.each([
    ['2026-01-12T06:29:59.000Z', '2026-01-12T06:30:00.000Z'],
    ['2026-01-12T06:30:00.000Z', '2026-01-13T06:30:00.000Z'],
    ['2026-03-28T07:00:00.000Z', '2026-03-29T05:30:00.000Z'],
    ['2026-10-24T07:00:00.000Z', '2026-10-25T06:30:00.000Z'],
  ])('at 07:30 in Vienna after %s is at %s', (now, expected) => {
    expect(first('07:30', vienna, now)).toBe(expected);
  });

  test('comes once on each day, also where its time comes twice or not at all', () => {
    for (const now of ['2026-03-27T12:00:00.000Z', '2026-10-23T12:00:00.000Z']) {
      const times = digestTimes('02:30', vienna, Date.parse(now));
      const gaps = times.slice(1).map((time, nth) => (time - times[nth]!) / 3_600_000);
      expect(times).toHaveLength(9);
      expect(gaps.every((gap) => gap >= 23 && gap <= 25)).toBe(true);
    }
  });
});

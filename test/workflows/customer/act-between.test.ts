import { expect, test } from '@jest/globals';
import { firstMomentIn, type Window } from '../../../workflows/customer/act-between.js';

const vienna = (between: string): Window => ({ between, timezone: 'Europe/Vienna' });
const first = (from: string, ...windows: Window[]) => new Date(firstMomentIn(windows, Date.parse(from))).toISOString();

test.each([
  ['Mon-Thu 09:00-16:00', '2026-12-01T10:07:03.000Z', '2026-12-01T10:07:03.000Z', 'is within'],
  ['Mon-Thu 09:00-16:00', '2026-12-01T15:00:00.000Z', '2026-12-02T08:00:00.000Z', 'the end does not belong to it'],
  ['Mon-Thu 09:00-16:00', '2026-12-03T15:01:00.000Z', '2026-12-07T08:00:00.000Z', 'over the weekend'],
  ['Mon-Thu 09:00-16:00', '2026-07-01T06:59:59.000Z', '2026-07-01T07:00:00.000Z', 'in summer time'],
  ['Fri-Mon 09:00-16:00', '2026-12-06T10:00:00.000Z', '2026-12-06T10:00:00.000Z', 'over the end of the week'],
  ['Wed 22:00-04:00', '2026-12-03T02:30:00.000Z', '2026-12-03T02:30:00.000Z', 'over midnight'],
  ['Wed 22:00-04:00', '2026-12-03T03:30:00.000Z', '2026-12-09T21:00:00.000Z', 'after the night'],
  ['Sat 02:10-02:20', '2026-12-01T00:00:00.000Z', '2026-12-05T01:15:00.000Z', 'a short one'],
])('%s from %s begins at %s: %s', (between, from, expected) => {
  expect(first(from, vienna(between))).toBe(expected);
});

test('of several windows all count; where there is no common moment it is looked again after two weeks', () => {
  const windows = [vienna('Mon-Fri 09:00-16:00'), { between: 'Tue-Sat 10:00-18:00', timezone: 'America/New_York' }];
  expect(first('2026-12-04T16:00:00.000Z', ...windows)).toBe('2026-12-18T16:15:00.000Z');
  expect(first('2026-12-01T00:00:00.000Z', vienna('Mon-Fri 09:00-16:00'), vienna('Wed 12:00-13:00'))).toBe(
    '2026-12-02T11:00:00.000Z',
  );
});

test('without a window every moment is right', () => {
  expect(first('2026-12-01T00:00:00.000Z')).toBe('2026-12-01T00:00:00.000Z');
});

import { expect, test } from '@jest/globals';
import { parseSince } from '../../client/cli/show/lookup-command.js';
import { formatAmount, toTable } from '../../client/cli/show/format.js';
import { toCsv } from '../../client/rows-as-csv.js';
import { toUtc } from '../../lookups/lookup.js';

test.each([
  [null, 'bytes', null],
  [0, 'bytes', '0 B'],
  [1023, 'bytes', '1023 B'],
  [1024, 'bytes', '1 KiB'],
  [1.5 * 1024 ** 3, 'bytes', '1.5 GiB'],
  [2 ** 40, 'bytes', '1 TiB'],
  [90, 'seconds', '90 seconds'],
  [25, 'quantity', '25'],
  [3, null, '3'],
])('%p %s is shown as %p', (value, unit, shown) => {
  expect(formatAmount(value, unit)).toBe(shown);
});

test.each([
  [36_000, '10 points'],
  [5400, '1.5 points'],
  [36_001, '10.01 points'],
])('%p seconds of compute points are shown as points, rounded up', (value, shown) => {
  expect(formatAmount(value, 'seconds', 'compute_points')).toBe(shown);
});

test.each([
  ['2024-07-02T10:11:12', '2024-07-02T10:11:12Z'],
  ['2024-07-02T10:11:12.502053+00:00', '2024-07-02T10:11:12Z'],
  ['2024-07-02T12:11:12+02:00', '2024-07-02T10:11:12Z'],
  ['2024-07-02T10:11:12.293995787Z', '2024-07-02T10:11:12Z'],
  ['Tue, 02 Jul 2024 10:30:00 UTC', '2024-07-02T10:30:00Z'],
  ['some day', 'some day'],
  [null, null],
])('the time %p is shown as %p', (time, shown) => {
  expect(toUtc(time)).toBe(shown);
});

test('reads a date as the time since then', () => {
  expect(parseSince('2024-07-01').toISOString()).toBe('2024-07-01T00:00:00.000Z');
});

test.each([
  ['2 hours', 2 * 3_600_000],
  ['7 days', 7 * 86_400_000],
])('reads %p as a time before now', (text, ms) => {
  const before = Date.now();

  const now = parseSince(text).getTime() + ms;

  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test.each(['', 'yesterday', '7', '-7 days', '7 parsecs', '2024-13-45'])('does not take %p for a time', (text) => {
  expect(() => parseSince(text)).toThrow('7 days');
});

test('CSV makes text that looks like a formula harmless, and leaves numbers unchanged', () => {
  const rows = [{ name: '=HYPERLINK("http://x")', phone: '+41 1', amount: -5 }];

  expect(toCsv(['name', 'phone', 'amount'], rows)).toBe(
    'name,phone,amount\r\n"\'=HYPERLINK(""http://x"")",\'+41 1,-5\r',
  );
});

test('a table aligns wide characters by the columns that they take', () => {
  const rows = [
    { name: '東京', kind: 'customer' },
    { name: '😀 x', kind: 'unit' },
    { name: 'Jane', kind: 'unit' },
  ];

  expect(toTable(['name', 'kind'], rows)).toBe('NAME  KIND\n東京  customer\n😀 x  unit\nJane  unit');
});

test('CSV quotes commas, quotes and line breaks, and nothing else', () => {
  const rows = [
    { a: 'x,y', b: 'say "hi"' as string | null, c: ['p', 'q'], d: true },
    { a: 'two\nlines', b: null, c: [], d: false },
  ];

  expect(toCsv(['a', 'b', 'c', 'd'], rows)).toBe('a,b,c,d\r\n"x,y","say ""hi""",p; q,true\r\n"two\nlines",,,false\r');
});

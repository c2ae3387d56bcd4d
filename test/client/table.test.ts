import { afterEach, describe, expect, test } from '@jest/globals';
import { assert, array, integer, property, string, tuple } from 'fast-check';
import stringWidth from 'string-width';
import { tableWidth, useStyle } from '../../client/cli/output-style.js';
import { cutEnd, cutMiddle } from '../../client/cli/shortened.js';
import { table } from '../../client/cli/table.js';
import { textFor } from '../../client/cli/printable.js';

afterEach(() => useStyle({}));

const tenants = ['3f1c0a52-6a0e-4b55-9b0e-1f2d3c4b5a69', '3f1c0a52-6b0e-4b55-9b0e-1f2d3c4b5a69'];
const rows = [
  ['provisionCustomer:customer-inc', 'blocked', 'Acronis.Taken', tenants[0]!, '2026-11-24T20:16:17.662Z'],
  ['provisionCustomer:株式会社アクメ', 'running', 'waits for lockTenant:x', tenants[1]!, '2026-11-24T20:17:01.000Z'],
];
const headings = ['ID', 'STATE', 'REASON', 'TENANT', 'STARTED'];
const widest = (text: string) => Math.max(...text.split('\n').map((line) => stringWidth(line)));

describe('a table', () => {
  test('is as wide as it needs where there is no terminal', () => {
    const text = table(headings, rows);

    for (const cell of rows.flat()) expect(text).toContain(cell);
  });

  test.each([120, 100, 80])('fits into %i columns, and its ids tell the rows apart', (width) => {
    const text = table(headings, rows, width);

    expect(widest(text)).toBeLessThanOrEqual(width);
    expect(text).toContain('2026-11-24T20:16Z');
    expect(text).toContain('3f1c0a52-6a');
    expect(text).toContain('3f1c0a52-6b');
  });

  test('shortens no more than is needed: times first, texts before names', () => {
    const full = widest(table(headings, rows));
    const oneLess = table(headings, rows, full - 1);

    expect(oneLess).toContain(tenants[0]);
    expect(oneLess).toContain('2026-11-24T20:16Z');
    expect(table(headings, rows, 90)).toContain('provisionCustomer:customer-inc');
  });

  test('never makes two rows look the same by their first column', () => {
    const names = [
      'provisionCustomer:a-very-long-name-one-and-the-rest',
      'provisionCustomer:a-very-long-name-two-and-the-rest',
    ];

    const [, ...lines] = table(
      ['ID', 'WHY'],
      names.map((name) => [name, 'x'.repeat(60)]),
      50,
    ).split('\n');

    expect(new Set(lines.map((line) => line.split('  ')[0])).size).toBe(2);
  });

  test('aligns Chinese letters and emoji by what is seen', () => {
    const [head, ...lines] = table(
      ['NAME', 'STATE'],
      [
        ['株式会社', 'on'],
        ['👩‍👩‍👧 Müller', 'on'],
        ['x', 'on'],
      ],
    ).split('\n');

    const places = [
      head!.slice(0, head!.indexOf('STATE')),
      ...lines.map((line) => line.slice(0, line.indexOf(' on') + 1)),
    ];
    expect(new Set(places.map((text) => stringWidth(text))).size).toBe(1);
  });
});

test('a text is cut between what a reader takes for characters, to no more columns than asked', () => {
  assert(
    property(tuple(string({ unit: 'grapheme' }), integer({ min: 2, max: 30 })), ([text, columns]) => {
      for (const cut of [cutEnd(text, columns), cutMiddle(text, columns)]) {
        expect(stringWidth(cut)).toBeLessThanOrEqual(Math.max(columns, 0));
        if (stringWidth(text) <= columns) expect(cut).toBe(text);
      }
    }),
  );
  expect(cutEnd('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 5)).toBe('👩‍👩‍👧👩‍👩‍👧…');
  expect(cutMiddle('provisionCustomer:customer-inc', 21)).toBe('provisionC…stomer-inc');
});

test('any rows fit into 80 columns, if their names do', () => {
  const cells = tuple(string({ maxLength: 20 }), string({ maxLength: 200 }), string({ maxLength: 200 }));
  assert(
    property(array(cells, { minLength: 1, maxLength: 5 }), (some) => {
      expect(widest(table(['NAME', 'WHAT', 'WHY'], some, 80))).toBeLessThanOrEqual(80);
    }),
  );
});

test('the width is that of the terminal, unless --wide or a pipe asks for all', () => {
  const terminal = { isTTY: true, columns: 80 };

  expect(tableWidth(terminal)).toBe(80);
  expect(tableWidth({ isTTY: false, columns: 80 })).toBe(Infinity);
  useStyle({ wide: true });
  expect(tableWidth(terminal)).toBe(Infinity);
});

test('--no-color takes the colours away', () => {
  const stream = { isTTY: true, getColorDepth: () => 8 } as unknown as NodeJS.WriteStream;

  useStyle({ color: false });

  expect(textFor(stream, '✔ done')).toBe('✔ done');
});

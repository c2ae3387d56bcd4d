import { expect, describe, test } from '@jest/globals';
import { assert, integer, property } from 'fast-check';
import { readReportFile, type ExpectedFile } from '../../acronis/report-files.js';

const header = 'application.id,tenant.id,tenant.name,name,usage.absolute.total';
const csv = `${header}\r\n6e6d,1,"Northwind, ""demo""\nInc",vms,2\r\n6e6d,1,Söhne,storage,1.5\r\n`;
const json = JSON.stringify({ params: { kind: 8 }, tenants: [{ tenant: { id: '1' } }, { tenant: { id: '2' } }] });
const html = '<!DOCTYPE html>\n<html><body><table><tr><td>1</td></tr></table></body></html>\n';
const page = '<html><head><title>Please log in</title></head><body>Guest network</body></html>';

const read = (text: string | Uint8Array, format: ExpectedFile['format'], size: number | null = null) => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return readReportFile({ bytes }, { format, size });
};
const whole = { bytes: expect.anything() };
const fault = (words: string) => ({ fault: expect.stringContaining(words) });

describe('the whole file of a report is taken', () => {
  test.each<[string, string, ExpectedFile['format'], object]>([
    ['with all rows', csv, 'csv_v2_0', { ...whole, rows: 2, tenants: ['1'] }],
    ['with a byte order mark', `\uFEFF${csv}`, 'csv_v2_0', { ...whole, rows: 2, tenants: ['1'] }],
    ['of a tenant that uses nothing', `${header}\r\n`, 'csv_v2_0', { ...whole, rows: 0 }],
    ['with whatever columns in the older format', 'Tenant,Storage\nNorthwind,1\n', 'csv', { ...whole, rows: 1 }],
    ['in JSON', json, 'json_v2_0', { ...whole, rows: 2, tenants: ['1', '2'] }],
    ['in JSON of a tenant that uses nothing', '{"tenants": []}', 'json_v2_0', { ...whole, rows: 0 }],
    ['in older JSON', '[{"tenant": 1}]', 'json_v1', { ...whole, rows: 1 }],
    ['in HTML', html, 'html', whole],
  ])('%s', (_words, text, format, expected) => {
    expect(read(text, format, Buffer.byteLength(text))).toEqual(expected);
    expect(read(text, format)).toEqual(expected);
    expect(read(text, format, 0)).toEqual(expected);
  });

  test('also when its last line has no end, if its size is as stated', () => {
    expect(read(csv.trimEnd(), 'csv_v2_0', Buffer.byteLength(csv.trimEnd()))).toEqual({
      ...whole,
      rows: 2,
      tenants: ['1'],
    });
  });

  test('in a shape that nobody documents, if its size is as stated', () => {
    const odd = 'Usage report;Northwind\n\nStorage, GiB;1,5\n';

    expect(read(odd, 'csv', Buffer.byteLength(odd))).toEqual(whole);
    expect(read(odd, 'csv_v2_0', Buffer.byteLength(odd))).toEqual(fault('line'));
  });
});

test.each<[string, string, ExpectedFile['format'], string]>([
  ['a page instead of CSV', page, 'csv_v2_0', 'the header has no column application.id, tenant.id, name'],
  ['a page instead of the older CSV', page, 'csv', 'not CSV'],
  ['a page instead of JSON', page, 'json_v2_0', 'not valid JSON'],
  ['a page instead of the report in HTML', page, 'html', 'has no table'],
  ['an error instead of JSON', '{"error": {"code": 500}}', 'json_v2_0', 'no list of tenants'],
  ['an error instead of CSV', '{"error": {"code": 500, "message": ""}}', 'csv_v2_0', 'line 1'],
  ['null instead of JSON', 'null', 'json_v2_0', 'no list of tenants'],
  ['tenants that are none', '{"tenants": [1]}', 'json_v2_0', 'holds something else'],
  ['a row that is short', `${header}\n6e6d,1,Northwind,vms\n`, 'csv_v2_0', 'line 2 has more or fewer cells'],
  ['a row that is long', `${header}\n6e6d,1,Northwind,vms,1,5\n`, 'csv_v2_0', 'line 2 has more or fewer cells'],
  ['a cell that is open', `${header}\n6e6d,1,"Northwind,vms,1\n`, 'csv_v2_0', 'is not valid CSV'],
  ['no usage column', 'application.id,tenant.id,name\n1,2,3\n', 'csv_v2_0', 'no usage column'],
  ['a last line without an end', csv.trimEnd(), 'csv_v2_0', 'the last line has no end'],
  ['HTML without an end', html.slice(0, -9), 'html', 'has no end'],
])('%s is refused', (_words, text, format, words) => {
  expect(read(text, format)).toEqual(fault(words));
});

test.each<ExpectedFile['format']>(['csv', 'csv_v2_0', 'json_v1', 'json_v2_0', 'html'])(
  'nothing at all is no report in %s, whatever size is stated',
  (format) => {
    for (const size of [null, 0, 10]) expect(read('', format, size)).toEqual(fault('the file is empty'));
  },
);

test('a compressed file whose end is missing is refused', () => {
  expect(read(Uint8Array.of(0x1f, 0x8b, 8, 0), 'csv_v2_0')).toEqual(fault('compressed'));
});

test.each<[ExpectedFile['format'], string]>([
  ['csv_v2_0', csv],
  ['csv', csv],
  ['json_v2_0', json],
  ['json_v1', json],
  ['html', html],
])('a part of %s is never taken where the size is stated', (format, text) => {
  const bytes = Buffer.from(text);
  assert(
    property(integer({ min: 0, max: bytes.length - 1 }), (length) => {
      expect(read(bytes.subarray(0, length), format, bytes.length)).toHaveProperty('fault');
    }),
  );
});

test('without a stated size a part of CSV is taken only if it ends with a whole row', () => {
  const bytes = Buffer.from(csv);
  const rowEnds = [header.length + 2, bytes.length];
  assert(
    property(integer({ min: 0, max: bytes.length }), (length) => {
      expect('bytes' in read(bytes.subarray(0, length), 'csv_v2_0')).toBe(
        rowEnds.includes(length) || length === bytes.indexOf('6e6d,1,S'),
      );
    }),
  );
});

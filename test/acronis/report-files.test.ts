import { expect, describe, test } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { assert, asyncProperty, integer } from 'fast-check';
import { readReportFile, type ExpectedFile } from '../../acronis/report-files.js';
import { inParts, textOf } from '../support/file-content.js';

const header = 'application.id,tenant.id,tenant.name,name,usage.absolute.total';
const csv = `${header}\r\n6e6d,1,"Northwind, ""demo""\nInc",vms,2\r\n6e6d,1,Söhne,storage,1.5\r\n`;
const json = JSON.stringify({ params: { kind: 8 }, tenants: [{ tenant: { id: '1' } }, { tenant: { id: '2' } }] });
const html = '<!DOCTYPE html>\n<html><body><table><tr><td>1</td></tr></table></body></html>\n';
const page = '<html><head><title>Please log in</title></head><body>Guest network</body></html>';

/** What is found in a file that comes in parts, or what is wrong with it. */
async function read(
  text: string | Uint8Array,
  format: ExpectedFile['format'],
  size: number | null = null,
  { partSize = 7, mostBytes = 1024 ** 3 } = {},
): Promise<object> {
  const refuse = (fault: string) => Object.assign(new Error(fault), { fault });
  const receive = async () => ({ body: inParts(text, partSize), refuse });
  const file = readReportFile(receive, { format, size }, mostBytes);
  try {
    await textOf(file.content);
    return file.summary();
  } catch (error) {
    if (!(error instanceof Error && 'fault' in error)) throw error;
    return { fault: error.fault };
  }
}
const whole = { bytes: expect.any(Number) };
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
  ])('%s', async (_words, text, format, expected) => {
    for (const size of [Buffer.byteLength(text), null, 0])
      expect(await read(text, format, size)).toEqual({ ...expected, bytes: Buffer.byteLength(text) });
  });

  test('also when its last line has no end, if its size is as stated', async () => {
    expect(await read(csv.trimEnd(), 'csv_v2_0', Buffer.byteLength(csv.trimEnd()))).toEqual({
      ...whole,
      rows: 2,
      tenants: ['1'],
    });
  });

  test('in a shape that nobody documents, if its size is as stated', async () => {
    const odd = 'Usage report;Northwind\n\nStorage, GiB;1,5\n';

    expect(await read(odd, 'csv', Buffer.byteLength(odd))).toEqual(whole);
    expect(await read(odd, 'csv_v2_0', Buffer.byteLength(odd))).toEqual(fault('line'));
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
])('%s is refused', async (_words, text, format, words) => {
  expect(await read(text, format)).toEqual(fault(words));
});

test.each<ExpectedFile['format']>(['csv', 'csv_v2_0', 'json_v1', 'json_v2_0', 'html'])(
  'nothing at all is no report in %s, whatever size is stated',
  async (format) => {
    for (const size of [null, 0, 10]) expect(await read('', format, size)).toEqual(fault('the file is empty'));
  },
);

test('a compressed file whose end is missing is refused', async () => {
  expect(await read(Uint8Array.of(0x1f, 0x8b, 8, 0), 'csv_v2_0')).toEqual(fault('compressed'));
});

test.each<[ExpectedFile['format'], string]>([
  ['csv_v2_0', csv],
  ['csv', csv],
  ['json_v2_0', json],
  ['json_v1', json],
  ['html', html],
])('a part of %s is never taken where the size is stated', async (format, text) => {
  const bytes = Buffer.from(text);
  const lengths = integer({ min: 0, max: bytes.length - 1 });
  await assert(
    asyncProperty(lengths, integer({ min: 1, max: 99 }), async (length, partSize) => {
      expect(await read(bytes.subarray(0, length), format, bytes.length, { partSize })).toHaveProperty('fault');
    }),
  );
});

test('without a stated size a part of CSV is taken only if it ends with a whole row', async () => {
  const bytes = Buffer.from(csv);
  const rowEnds = [header.length + 2, bytes.length];
  await assert(
    asyncProperty(integer({ min: 0, max: bytes.length }), async (length) => {
      expect('bytes' in (await read(bytes.subarray(0, length), 'csv_v2_0'))).toBe(
        rowEnds.includes(length) || length === bytes.indexOf('6e6d,1,S'),
      );
    }),
  );
});

test.each<[string, string, ExpectedFile['format']]>([
  ['text behind the end', `${json} {}`, 'json_v2_0'],
  ['a list that is closed twice', '{"tenants": []]}', 'json_v2_0'],
  ['JSON that breaks off within a word', '{"tenants": [{"tenant": nul', 'json_v2_0'],
])('JSON with %s is refused', async (_words, text, format) => {
  expect(await read(text, format)).toEqual(fault('not valid JSON'));
});

test('a list of tenants elsewhere in JSON does not count', async () => {
  expect(await read('{"params": {"tenants": [{}]}}', 'json_v2_0')).toEqual(fault('no list of tenants'));
  expect(await read('{"x": "tenants", "y": [{}]}', 'json_v2_0')).toEqual(fault('no list of tenants'));
  expect(await read('{"tenants": {"a": {}}}', 'json_v2_0')).toEqual(fault('no list of tenants'));
});

test('a file is refused as soon as it is larger than it may be, also when it is small while compressed', async () => {
  const zeros = Buffer.alloc(50_000_000);
  const limits = { partSize: 1000, mostBytes: 1_000_000 };

  expect(await read(zeros, 'csv_v2_0', null, limits)).toEqual(fault('larger than 1 MiB'));
  expect(await read(gzipSync(zeros), 'csv_v2_0', null, limits)).toEqual(fault('larger than 1 MiB'));
});

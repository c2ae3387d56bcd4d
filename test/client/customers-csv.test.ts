import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readCustomersCsv } from '../../client/cli/customers-csv.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-csv-'));
const file = join(folder, 'customers.csv');
afterAll(() => rmSync(folder, { recursive: true }));

const ID = '3F1C0A52-6a0e-4b55-9b0e-1f2d3c4b5a69';

async function read(content: string | Uint8Array) {
  writeFileSync(file, content);
  return await readCustomersCsv(file);
}

async function problemsOf(content: string | Uint8Array): Promise<string[]> {
  const refused: unknown = await read(content).catch((error: unknown) => error);
  expect(refused).toMatchObject({ kind: 'refused' });
  return (refused as Error).message.split('\n').map((line) => line.trim());
}

describe('customers are read', () => {
  test.each([
    ['with commas', `reference,tenantId,name\nC-1,${ID},"Müller, Inc"\nC-2,,\n`],
    ['with semicolons', `Reference;Tenant ID;Name\r\nC-1;${ID};Müller, Inc\r\n;;\r\nC-2;;\r\n`],
    ['with tabs, and other columns', `plan\tname\tREFERENCE\ttenant_id\n1\tMüller, Inc\tC-1\t${ID}\n\n2\t\t C-2 \t\n`],
    ['with a byte order mark', `\uFEFFreference,tenantId,name\nC-1,${ID},"Müller, Inc"\nC-2,,`],
  ])('%s', async (_with, content) => {
    const { customers, unread } = await read(content);
    expect(customers).toEqual([{ ref: 'C-1', tenantId: ID.toLowerCase(), name: 'Müller, Inc' }, { ref: 'C-2' }]);
    expect(unread).toEqual(content.startsWith('plan') ? ['plan'] : []);
  });

  test('with references alone', async () => {
    expect((await read('reference\nC-1\n')).customers).toEqual([{ ref: 'C-1' }]);
  });
});

describe('a file that cannot be used is refused', () => {
  test('with every problem and its line', async () => {
    const rows = [
      'reference,tenantId,name',
      'C-1,,"two',
      'lines"',
      ',,',
      'C-1',
      ',,Ann',
      `C-3,${ID},`,
      `C-4,${ID.toLowerCase()},`,
      'C-5,12,',
      'C-1,,',
    ];
    expect(await problemsOf(rows.join('\n'))).toEqual([
      `${file} cannot be used:`,
      'line 5: has 1 cells, and the first line has 3',
      'line 6: has no reference',
      `line 8: tenantId: ${ID.toLowerCase()} is in line 7 too`,
      'line 9: tenantId: 12 is not the id of a tenant',
      'line 10: reference: C-1 is in line 2 too',
    ]);
  });

  test.each([
    ['no column for the reference', 'id,name\nC-1,Ann\n', /line 1: has no column reference; it has id, name/],
    ['a column twice', 'reference,Reference\nC-1,C-2\n', /line 1: has the column reference twice/],
    ['nothing in it', '', /line 1: is missing: name the columns/],
    ['a first line only', 'reference\n', /names no customer/],
    [
      'a quote that is not closed',
      'reference,name\nC-1,Ann\nC-2,"Bob\nC-3,Cid\n',
      /line 3: has a quote that is not closed/,
    ],
    [
      'a quote inside a cell',
      'reference,name\nC-1,Ann "A"\n',
      /line 2: has a quote inside of a cell: write it twice there/,
    ],
    [
      'Latin-1',
      Buffer.from('reference,name\nC-1,M\u00fcller\n', 'latin1'),
      /not UTF-8: the byte at offset \d+, in line 2.*save it as UTF-8/,
    ],
    ['UTF-16', Buffer.from('\uFEFFreference\nC-1\n', 'utf16le'), /UTF-16.*save it as UTF-8/],
    ['a reference that is too long', `reference\n${'x'.repeat(501)}\n`, /line 2: reference: may have at most 500/],
  ])('that has %s', async (_problem, content, message) => {
    expect((await problemsOf(content)).join(' ')).toMatch(message);
  });

  test('without naming each row that lacks a missing column', async () => {
    expect(await problemsOf('name\nAnn\nBob,1\n')).toEqual([
      `${file} cannot be used:`,
      'line 1: has no column reference; it has name',
      'line 3: has 2 cells, and the first line has 1',
    ]);
  });

  test('that is not there', async () => {
    await expect(readCustomersCsv(join(folder, 'none.csv'))).rejects.toThrow(/There is no file called/);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { sha256Of, textOfRows } from '../../../catalogue/imported-rows.js';
import { readRowsFile } from '../../../client/cli/import/rows-file.js';
import { readPlans, type SalesPlans } from '../../../sales-plans/plans-file.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-import-'));
const file = join(folder, 'customers.csv');
afterAll(() => rmSync(folder, { recursive: true }));

const plans = readPlans({
  plans: {
    desktop: { offeringItems: ['workstations'], quotas: { workstations: { perUnit: 1 } }, sold: { csv: ['BK-1'] } },
    flat: { offeringItems: ['storage'] },
  },
}) as SalesPlans;

async function read(content: string | Uint8Array) {
  writeFileSync(file, content);
  return await readRowsFile(file, { source: 'csv', timezone: 'Europe/Vienna', plans });
}

async function refusalOf(content: string | Uint8Array): Promise<string[]> {
  const refused: unknown = await read(content).catch((error: unknown) => error);
  expect(refused).toMatchObject({ kind: 'refused' });
  return (refused as Error).message.split('\n').map((line) => line.trim());
}

const shaOf = async (content: string) => sha256Of(textOfRows((await read(content)).rows.map(({ row }) => row)));

const head = 'reference,name,email,plan,quantity';
const plain = `${head}\nC-1,"Müller, Söhne",it@a.example,desktop,5\nC-2,B,it@b.example,flat,\n`;

describe('a file as people make it', () => {
  test.each([
    ['with commas', plain, [2, 3]],
    [
      'with semicolons, CRLF, a byte order mark and empty lines',
      '\uFEFFReference;Name;E-Mail;Plan;Quantity\r\n\r\nC-1;Müller, Söhne;it@a.example;desktop;5\r\n;;;;\r\nC-2;B;it@b.example;flat;\r\n',
      [3, 5],
    ],
    [
      'with tabs, its columns in another order and case, and one that nobody reads',
      'QUANTITY\tnotes\tPLAN\te_mail\tREF\tname\n5\t\tdesktop\tit@a.example\tC-1\tMüller, Söhne\n\tx\tflat\t it@b.example \tC-2\tB\n',
      [2, 3],
    ],
    [
      'with the line that tells a spreadsheet the separator, and umlauts of two characters',
      `sep=;\r\n${plain.replaceAll(/,(?! )/g, ';').replaceAll('\n', '\r\n')}`.normalize('NFD'),
      [3, 4],
    ],
  ])('%s', async (_with, content, lines) => {
    const { rows, unread } = await read(content);

    expect(rows.map(({ line }) => line)).toEqual(lines);
    expect(rows.map(({ row }) => row)).toEqual([
      {
        customer: { ref: 'C-1', name: 'Müller, Söhne', contact: { email: 'it@a.example' } },
        subscription: { ref: 'C-1', items: [{ plan: 'desktop', quantity: 5 }], state: 'active' },
      },
      {
        customer: { ref: 'C-2', name: 'B', contact: { email: 'it@b.example' } },
        subscription: { ref: 'C-2', items: [{ plan: 'flat' }], state: 'active' },
      },
    ]);
    expect(unread).toEqual(content.includes('notes') ? ['notes'] : []);
    expect(await shaOf(content)).toBe(await shaOf(plain));
  });

  test('with everything that a row can say', async () => {
    const { rows } = await read(
      [
        'reference,name,email,firstName,Last Name,language,login,product,quantity,state,since,until,trial end,subscription,notes',
        'C-1,A,it@a.example,Jane,Doe,DE,jane,BK-1,5,Past Due,2026-11-01,2026-12-31,2026-11-30T10:00:00+02:00,S-9,"two\nlines"',
        'C-2,Gone,it@b.example,,,,,,,ended,,,,,',
      ].join('\n'),
    );

    expect(rows).toEqual([
      {
        line: 2,
        row: {
          customer: {
            ref: 'C-1',
            name: 'A',
            language: 'de',
            contact: { email: 'it@a.example', firstName: 'Jane', lastName: 'Doe' },
            login: 'jane',
          },
          subscription: {
            ref: 'S-9',
            items: [{ product: 'BK-1', quantity: 5 }],
            state: 'past_due',
            since: '2026-10-31T23:00:00.000Z',
            until: '2026-12-31T22:59:59.999Z',
            trialEnd: '2026-11-30T08:00:00.000Z',
          },
        },
      },
      {
        line: 4,
        row: {
          customer: { ref: 'C-2', name: 'Gone', contact: { email: 'it@b.example' } },
          subscription: { ref: 'C-2', items: [], state: 'ended' },
        },
      },
    ]);
  });

  test('with CRLF in its cells, and columns without a name: every row keeps its line', async () => {
    const lines = ['notes,,', 'C-1,A,it@a.example,flat,,"two\r\nlines",,x', 'C-2,B,it@b.example,flat,,,,'];
    const { rows, unread } = await read(`${head},${lines.join('\r\n')}\r\n`);

    expect(rows.map(({ line }) => line)).toEqual([2, 4]);
    expect(unread).toEqual(['notes', 'number 8, which has no name']);
  });

  test('the same rows in another order are another import', async () => {
    const [top, one, two] = plain.split('\n');

    expect(await shaOf([top, two, one].join('\n'))).not.toBe(await shaOf(plain));
  });
});

describe('a file that cannot be used is refused', () => {
  test('with every problem of every row, its line and its column', async () => {
    const rows = [
      `${head},product,language,state,since,subscription`,
      'C-1,A,it@a.example,desktopp,5,,,,,',
      'C-2,,nobody,desktop,1.5,,xx1,sleeping,yesterday,',
      'C-2,B,it@b.example,,,,,,,',
      ',C,it@c.example,desktop,,,,,,',
      'C-5,C,it@c.example',
      'C-6,D,it@d.example,flat,1,BK-1,,,,S-1',
      'C-7,E,it@e.example,,3,BK-2,,,,S-1',
      `C-8,${'x'.repeat(300)},it@f.example,flat,-1,,,,,`,
      `C-9,G,it@g.example,desktop,99999999999,,,,,`,
      'C-10,H,it@h.example,BK-1,1,,,,,',
    ];
    expect(await refusalOf(rows.join('\n'))).toEqual([
      `${file} cannot be used:`,
      'line 2: plan: there is no plan desktopp in plans.json; did you mean desktop?',
      'line 3: name: is missing',
      'line 3: email: must be an e-mail address, and is nobody',
      'line 3: language: must be a language code like "en", and is xx1',
      'line 3: state: must be one of trialing, active, past_due, paused, ended, and is sleeping',
      'line 3: since: must be a date such as 2026-11-28, or a time with a zone, and is yesterday',
      'line 3: quantity: must be a whole number, and is 1.5',
      'line 4: plan: is missing: name a plan, or a product',
      'line 4: reference: C-2 is in line 3 too',
      'line 5: reference: is missing',
      'line 5: quantity: is missing: desktop counts by units',
      'line 6: has 3 cells, and the first line has 10',
      'line 7: product: cannot stand beside plan: leave one of them out',
      'line 8: product: no plan says what BK-2 means; did you mean BK-1?',
      'line 8: subscription: S-1 is in line 7 too',
      `line 9: name: must have at most 255 characters, and is ${'x'.repeat(60)}`,
      'line 9: quantity: must be a whole number, and is -1',
      'line 10: quantity: must be a whole number, and is 99999999999',
      'line 11: plan: there is no plan BK-1 in plans.json; it is a product: put it into the column product',
    ]);
  });

  test.each([
    ['a column is missing', 'reference,name\nC-1,A\n', 'line 1: has no column email; it has reference, name'],
    ['a column is nearly one', `${head},quantitty\n`, 'line 1: has a column quantitty; did you mean quantity?'],
    ['a column is there twice', `${head},ref\n`, 'line 1: has the column reference twice'],
    ['a quote is not closed', `${head}\nC-1,"A,it@a.example,flat,\n`, 'line 2: has a quote that is not closed'],
    [
      'a quote stands in a cell',
      `${head}\nC-1,A "B",it@a.example,flat,\n`,
      'line 2: has a quote inside of a cell: write it twice there, and one before and after the cell',
    ],
    [
      'it ends before it begins',
      `${head},since,until\nC-1,A,it@a.example,flat,,2026-12-01,2026-11-30\n`,
      'line 2: until: is before since',
    ],
    [
      'a product means nothing',
      'reference,name,email,product\nC-1,A,it@a.example,gold',
      'line 2: product: no plan says what gold means: let a plan of plans.json have "sold": {"csv": ["gold"]}, or name the plan',
    ],
    ['it has no rows', `${head}\n`, `${file} names no customer: it has a first line only.`],
    [
      'it is Latin-1',
      Buffer.from(`${head}\nC-1,M\xfcller,it@a.example,flat,\n`, 'latin1'),
      `${file} cannot be read: it is not UTF-8: the byte at offset 40, in line 2, is invalid; save it as UTF-8.`,
    ],
  ])('when %s', async (_when, content, problem) => {
    expect(await refusalOf(content)).toContain(problem);
  });

  test.each([
    ['a Unicode form', 'Ü-1', 'Ü-1'.normalize('NFD'), 'Ü-1 is in line 2 too'],
    ['a blank', 'C 1', 'C  1', 'C  1 looks the same as what is in line 2 too'],
    ['a wide letter', 'C-1', 'Ｃ-1', 'Ｃ-1 looks the same as what is in line 2 too'],
    ['a dash', 'C-1', 'C\u20101', 'C\u20101 looks the same as what is in line 2 too'],
    ['what nobody sees', 'C-1', 'C-1\u200b', 'has a character that nobody sees at position 4 (U+200B): leave it out'],
  ])('when two references differ by %s', async (_by, one, other, problem) => {
    const rows = [one, other].map((ref) => `${ref},A,it@a.example,flat,`);

    expect(await refusalOf([head, ...rows].join('\n'))).toContain(`line 3: reference: ${problem}`);
  });

  test('when a spreadsheet has made something of its cells, beside every other problem of the row', async () => {
    const rows = ['"=""C-1""",#NAME?,nobody,flat,=A1', '1.23E+15,A,it@a.example,flat,'];

    expect(await refusalOf([head, ...rows].join('\n'))).toEqual([
      `${file} cannot be used:`,
      'line 2: reference: is a formula: write its value',
      'line 2: name: is #NAME?, an error of a spreadsheet: write the value',
      'line 2: quantity: is a formula: write its value',
      'line 2: email: must be an e-mail address, and is nobody',
      'line 3: reference: is 1.23E+15, a number that a spreadsheet has shortened: make the column text',
    ]);
  });

  test('when a row has the subscription of another', async () => {
    const rows = ['C-1,A,it@a.example,flat,,C-2', 'C-2,B,it@b.example,flat,,'];

    expect(await refusalOf([`${head},subscription`, ...rows].join('\n'))).toContain(
      'line 3: subscription: C-2 is in line 2 too',
    );
  });

  test('when it is far too large, before its rows are read', async () => {
    expect(await refusalOf(`${head}\n${'\n'.repeat(50_000_000)}`)).toEqual([
      `${file} has more than 50000000 characters, and an import takes 10000 rows: split it.`,
    ]);
  });

  test('when it has more rows than an import takes', async () => {
    const rows = Array.from({ length: 10_001 }, (_, nth) => `C-${nth},A,it${nth}@a.example,flat,`);

    expect(await refusalOf([head, ...rows].join('\n'))).toEqual([
      `${file} has 10001 rows, and an import takes 10000: split it.`,
    ]);
  });
});

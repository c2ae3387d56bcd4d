import { describe, expect, test } from '@jest/globals';
import { readReportTable } from '../../acronis/index.js';

describe('a report in CSV', () => {
  test('is read to rows: amounts are numbers, all else is text, and what is left out is null', () => {
    const text =
      'tenant.id,tenant.name,name,measurement_unit,usage.effective.total,edition\r\n' +
      '1,"Northwind, ""demo""\nInc",vms,quantity,12,\r\n';

    expect(readReportTable(`\uFEFF${text}`)).toEqual({
      columns: ['tenant.id', 'tenant.name', 'name', 'measurement_unit', 'usage.effective.total', 'edition'],
      rows: [
        {
          'tenant.id': '1',
          'tenant.name': 'Northwind, "demo"\nInc',
          name: 'vms',
          measurement_unit: 'quantity',
          'usage.effective.total': 12,
          edition: null,
        },
      ],
    });
  });

  test.each([
    ['storage', 'GiB'],
    ['pck_per_gigabyte_local_storage', 'GiB'],
    ['compute_points', 'seconds'],
    ['workstations', null],
  ])('that has no units gets those of %s in %s', (name, unit) => {
    const table = readReportTable(`tenant.id,name,usage.absolute.total\n1,${name},1.5`);

    expect(table?.columns).toContain('measurement_unit');
    expect(table?.rows).toEqual([{ 'tenant.id': '1', name, 'usage.absolute.total': 1.5, measurement_unit: unit }]);
  });

  test('with a last cell that is empty keeps it', () => {
    expect(readReportTable('name,sku,edition\nvms,,')?.rows).toMatchObject([{ name: 'vms', sku: null, edition: null }]);
  });
});

test.each([
  ['as documented', { params: { kind: 8 }, tenants: [{ tenant: { id: '1' }, usage: { delta: { trial: 2 } } }] }],
  ['as a bare list', [{ tenant: { id: '1' }, usage: { delta: { trial: 2 } } }]],
])('a report in JSON %s gives the same rows, by the names of the columns', (_words, told) => {
  expect(readReportTable(JSON.stringify(told))).toEqual({
    columns: ['tenant.id', 'usage.delta.trial', 'measurement_unit'],
    rows: [{ 'tenant.id': '1', 'usage.delta.trial': 2, measurement_unit: null }],
  });
});

test.each([
  ['HTML', '<table></table>'],
  ['nothing', ''],
  ['half of JSON', '{"tenants": ['],
  ['other JSON', '{"error": {"code": 400}}'],
  ['a sentence', 'no such file'],
  ['an unfinished cell', 'name,sku\n"vms'],
])('%s is read to no rows', (_words, text) => {
  expect(readReportTable(text)).toBeUndefined();
});

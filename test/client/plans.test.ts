import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { tenantry } from '../support/command.js';

const example = fileURLToPath(new URL('../../../examples/plans.json', import.meta.url));

test('plans check lists the plans of the example, of the file that TENANTRY_PLANS names', async () => {
  const { code, stdout } = await tenantry(['plans', 'check'], { TENANTRY_PLANS: example });

  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['PLAN', 'HAS', 'QUOTAS', 'SOLD AS'],
    [
      'backup-standard',
      'storage, workstations, trial',
      'workstations 1 each, storage 100 GiB each',
      'shop price_backup, panel 12, panel 14',
    ],
    ['backup-servers', 'servers, storage, production', 'servers 1 each, storage 2 TiB', 'shop price_servers'],
    ['per-gigabyte', 'edition pck_per_gigabyte, trial', 'unlimited', 'psa BACKUP-GB'],
    ['backup-2024', 'workstations, trial, retired', 'unlimited'],
    [''],
  ]);
});

test('plans check names every problem of a file', async () => {
  const file = { plans: { gold: { price: 5 }, silver: { edition: 'e', maxQuantity: 0 } } };
  const ended = await tenantry(['plans', 'check', '-', '--json'], {}, JSON.stringify(file));

  expect(ended.code).toBe(2);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    error: {
      problems: expect.arrayContaining([
        { path: 'plans.gold.price', message: 'is not a field here' },
        { path: 'plans.silver.maxQuantity', message: 'must be at least 1' },
      ]),
    },
  });
});

test('plans check without a file says which setting is missing', async () => {
  expect(await tenantry(['plans', 'check'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('TENANTRY_PLANS'),
  });
});

import { expect, test } from '@jest/globals';
import { anItem, dr, wished } from '../support/two-dr-sites.js';

const wish = { offeringItems: ['pw_base_adv_dr_compute_points', 'pw_base_m365_mailboxes'], infraId: dr[0] };

test('quotas of compute points are in points, of 3600 seconds each', () => {
  const { items, problems } = wished({ ...wish, quotas: { compute_points: { limit: 10, overage: '2 points' } } });

  expect(problems).toEqual([]);
  expect(items[0]).toMatchObject({ quota: { value: 36_000, overage: 7200 } });
});

test('quotas of what is only on or off are refused', () => {
  const { problems } = wished({ ...wish, quotas: { o365_mailboxes: { limit: 5, overage: 1 } } });

  expect(problems).toEqual([
    'quotas.o365_mailboxes.limit: pw_base_m365_mailboxes is only on or off: it has no quota',
    'quotas.o365_mailboxes.overage: pw_base_m365_mailboxes is only on or off: it has no quota',
  ]);
});

test('quotas of a feature without a unit that has no quota are refused, of one that has a quota are taken', () => {
  const feature = { type: 'feature', measurement_unit: 'quantity', quota: null };
  const counted = { ...feature, quota: { value: null, overage: null, version: 0 } };
  const offer = [anItem('glow', feature), anItem('shine', counted)];

  const { problems } = wished(
    { offeringItems: ['glow', 'shine'], quotas: { glow: { limit: 5 }, shine: { limit: 5 } } },
    offer,
  );

  expect(problems).toEqual([expect.stringMatching(/^quotas\.glow\.limit: .* only on or off/)]);
});

test('two quotas of one item, by its name and by its usage, are refused, naming both', () => {
  const both = { compute_points: { limit: 10 }, pw_base_adv_dr_compute_points: { limit: 20 } };

  expect(wished({ ...wish, quotas: both }).problems).toEqual([
    'quotas.compute_points and quotas.pw_base_adv_dr_compute_points are both of pw_base_adv_dr_compute_points: leave one of them out',
  ]);
});

test('quotas of what is not ordered are refused', () => {
  expect(wished({ ...wish, quotas: { workstations: { limit: 5 } } }).problems).toEqual([
    'quotas.workstations: no item of this order is called so',
  ]);
});

test('a size for an item without a unit is refused', () => {
  const offer = [anItem('vault', { measurement_unit: null, quota: { value: null, overage: null, version: 0 } })];

  const { problems } = wished({ offeringItems: ['vault'], quotas: { vault: { limit: '1 TiB' } } }, offer);

  expect(problems).toEqual([expect.stringMatching(/^quotas\.vault\.limit: .* has no unit that the cloud names/)]);
});

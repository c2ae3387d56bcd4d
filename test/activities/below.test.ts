import { expect, test } from '@jest/globals';
import { assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import type { Acronis, Usage } from '../../acronis/index.js';
import { unnamedBelow } from '../../activities/below.js';
import { amount } from '../../workflows/shared/offer-input.js';

const nobody = async function* () {};

/** What is not named of a tenant that has nothing but this usage. */
async function unnamed(usages: Partial<Usage>[], usage: Record<string, string | number>): Promise<string[]> {
  const acronis = { tenants: { list: nobody }, users: { list: nobody }, usages: { list: async () => usages } };
  return await unnamedBelow(acronis as unknown as Acronis, 'tenant', { tenants: [], users: [], usage });
}

const usages = record({
  name: constantFrom('pw_base_usage'),
  usage_name: constantFrom('storage', 'compute_points', 'anything'),
  measurement_unit: constantFrom('bytes', 'seconds', 'quantity', 'n/a', 'parsecs', null),
  absolute_value: integer({ min: 1 }),
});

test('in whatever unit a usage is measured, what the refusal says can be written, and is enough', async () => {
  await assert(
    asyncProperty(usages, async (usage) => {
      const [sentence] = await unnamed([usage], {});
      const said = sentence!.replace(`including.usage: ${usage.usage_name} `, '');
      const limit = /^\d+$/.test(said) ? Number(said) : said;

      expect(amount().safeParse(limit)).toMatchObject({ success: true });
      expect(await unnamed([usage], { [usage.usage_name]: limit })).toEqual([]);
    }),
  );
});

test('where a usage is named by itself and by its item, it must keep to both', async () => {
  const usage = { name: 'pg_base_vms', usage_name: 'vms', measurement_unit: 'quantity', absolute_value: 5 };

  expect(await unnamed([usage], { vms: 9, pg_base_vms: 4 })).toEqual(['including.usage: vms 5 (named: 4)']);
  expect(await unnamed([usage], { vms: 4, pg_base_vms: 9 })).toEqual(['including.usage: vms 5 (named: 4)']);
  expect(await unnamed([usage], { vms: 5, pg_base_vms: 5 })).toEqual([]);
});

test('compute points are named in points', async () => {
  const usage = { name: 'dr', usage_name: 'compute_points', measurement_unit: 'seconds', absolute_value: 36_000 };

  expect(await unnamed([usage], {})).toEqual(['including.usage: compute_points 10 points']);
  expect(await unnamed([usage], { compute_points: 10 })).toEqual([]);
  expect(await unnamed([usage], { compute_points: 9 })).toEqual([
    'including.usage: compute_points 10 points (named: 9)',
  ]);
});

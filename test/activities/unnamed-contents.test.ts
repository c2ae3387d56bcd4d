import { expect, test } from '@jest/globals';
import { assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { AcronisError, type Acronis, type Tenant, type Usage } from '../../acronis/index.js';
import { findUnnamedContents } from '../../activities/unnamed-contents.js';
import type { Including } from '../../workflows/offboard-customer/contract.js';
import { amount } from '../../catalogue/fields.js';

const nobody = async function* () {};

/** The unnamed contents of a tenant that has only this usage. */
async function unnamed(usages: Partial<Usage>[], usage: Record<string, string | number>): Promise<string[]> {
  return await unnamedIn({ usages: { list: async () => usages } }, { usage });
}

/** The unnamed contents of a tenant that has only this. */
async function unnamedIn(
  there: object,
  named: Partial<Including> = {},
  tenant: Partial<Tenant> = {},
): Promise<string[]> {
  const acronis = {
    tenants: { list: nobody, numberOf: async () => '7' },
    users: { list: nobody },
    usages: { list: async () => [] },
    agents: { list: nobody },
    ...there,
  };
  const doomed = { id: 'tenant', name: 'Leaving', ancestral_access: true, ...tenant };
  const including = { tenants: [], users: [], usage: {}, ...named };
  return await findUnnamedContents(acronis as unknown as Acronis, doomed, including);
}

/** A listing of these items. */
const listOf = (...rows: object[]) => ({
  list: async function* () {
    yield* rows;
  },
});

const usages = record({
  name: constantFrom('pw_base_usage'),
  usage_name: constantFrom('storage', 'compute_points', 'anything'),
  measurement_unit: constantFrom('bytes', 'seconds', 'quantity', 'n/a', 'parsecs', null),
  absolute_value: integer({ min: 1 }),
});

test('a usage in any unit: what the refusal says can be written in an order, and is enough', async () => {
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

test('a usage that is named by itself and by its item must keep both limits', async () => {
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

const OUT = /^"Leaving" \(tenant\) keeps us out, so nobody can see what is in it: .*allowAdministratorAccess/;

test('nothing can be named of a tenant that keeps us out, even when its lists are empty', async () => {
  expect(await unnamedIn({}, {}, { ancestral_access: false })).toEqual([expect.stringMatching(OUT)]);
});

test('a tenant below that keeps us out is not deleted because it is named', async () => {
  const unit = { id: 'unit', name: 'Unit', owner_id: null, ancestral_access: false };
  const tenants = { numberOf: async () => '7', ...listOf(unit) };

  expect(await unnamedIn({ tenants }, { tenants: ['unit'] })).toEqual([
    expect.stringContaining('"Unit" (unit) keeps us out'),
  ]);
});

test('an agent must be named, by host name or id, or counted', async () => {
  const agents = listOf({ id: 'a-1', hostname: 'PC-1' }, { id: 'a-2', hostname: null });

  expect(await unnamedIn({ agents })).toEqual(['including.agents: PC-1 (a-1), a-2']);
  expect(await unnamedIn({ agents }, { agents: ['pc-1', 'A-2'] })).toEqual([]);
  expect(await unnamedIn({ agents }, { agents: 2 })).toEqual([]);
  expect(await unnamedIn({ agents }, { agents: 1 })).toEqual(['including.agents: 2 in all, 1 named']);
});

test.each(['forbidden', 'not-found'] as const)('who may not see agents (%s) goes by the usage', async (kind) => {
  const refusal = new AcronisError(kind, 'agents.list', { route: 'GET /agents', status: 403 });
  const numberOf = async () => {
    throw refusal;
  };

  expect(await unnamedIn({ tenants: { list: nobody, numberOf } })).toEqual([]);
});

test('a tenant is not deleted when its agents cannot be read', async () => {
  const trouble = new AcronisError('unavailable', 'agents.list', { route: 'GET /agents', status: 503 });
  const numberOf = async () => {
    throw trouble;
  };

  await expect(unnamedIn({ tenants: { list: nobody, numberOf } })).rejects.toBe(trouble);
});

test('a unit is a personal tenant only when its user is there', async () => {
  const unit = { id: 'unit', name: 'Unit', owner_id: 'USER-1', ancestral_access: true };
  const tenants = { numberOf: async () => '7', ...listOf(unit) };
  const users = listOf({ id: 'user-1', login: 'jane' });

  expect(await unnamedIn({ tenants, users }, { users: ['jane'] })).toEqual([]);
  expect(await unnamedIn({ tenants })).toEqual(['including.tenants: "Unit" (unit)']);
});

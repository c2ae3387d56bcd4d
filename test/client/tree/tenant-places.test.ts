import { expect, test } from '@jest/globals';
import { TenantPlaces } from '../../../client/tree/tenant-places.js';
import { TenantryError } from '../../../contract/errors.js';
import type { LookUpPage } from '../../../contract/questions.js';

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [ROOT, PARTNER, CUSTOMER] = [idOf(1), idOf(2), idOf(3)];
const lines: Record<string, string[]> = { [ROOT]: [], [PARTNER]: [ROOT], [CUSTOMER]: [ROOT, PARTNER] };

/** Places that an imitated worker knows; `now` is their clock. */
function somePlaces() {
  const state = { now: 0, lines: { ...lines }, named: CUSTOMER, failure: undefined as Error | undefined };
  const asked: Record<string, string>[] = [];
  const places = new TenantPlaces(
    async (query) => {
      asked.push(query);
      if (state.failure !== undefined) throw state.failure;
      const ids = query['ids']?.split(',') ?? [query['tenant'] === undefined ? ROOT : state.named];
      return await Promise.resolve(pageOf(state.lines, ids));
    },
    () => state.now,
  );
  return { places, asked, state };
}

function pageOf(known: Record<string, string[]>, ids: readonly string[]): LookUpPage {
  const found = ids.filter((id) => known[id] !== undefined);
  const rows = found.map((id) => ({ id, name: 'Northwind', customerId: 'crm-17', parentIds: known[id]! }));
  return { fields: ['id'], rows };
}

test('many tenants are one question, and what is known is asked again after a minute only', async () => {
  const { places, asked, state } = somePlaces();

  const found = await places.ofIds('default', [CUSTOMER.toUpperCase(), PARTNER, CUSTOMER]);
  await places.ofIds('default', [PARTNER]);

  expect(found.get(CUSTOMER)).toMatchObject({ id: CUSTOMER, parentIds: [ROOT, PARTNER] });
  expect(asked).toEqual([{ cloud: 'default', ids: `${CUSTOMER},${PARTNER}` }]);
  state.now = 60_000;
  state.lines[CUSTOMER] = [ROOT];
  expect((await places.ofIds('default', [CUSTOMER])).get(CUSTOMER)).toMatchObject({ parentIds: [ROOT] });
  expect(asked).toHaveLength(2);
});

test('the same id in two clouds is two tenants', async () => {
  const { places, asked } = somePlaces();

  await places.ofIds('default', [CUSTOMER]);
  await places.ofIds('eu', [CUSTOMER]);

  expect(asked.map(({ cloud }) => cloud)).toEqual(['default', 'eu']);
});

test('more than a hundred are several questions', async () => {
  const { places, asked } = somePlaces();

  expect(
    (
      await places.ofIds(
        'default',
        Array.from({ length: 201 }, (_, n) => idOf(n)),
      )
    ).size,
  ).toBe(3);

  expect(asked.map(({ ids }) => ids!.split(',').length)).toEqual([100, 100, 1]);
});

test('a tenant that is not there yet is asked for again soon', async () => {
  const { places, state } = somePlaces();
  const fresh = idOf(4);
  expect((await places.ofIds('default', [fresh])).size).toBe(0);

  state.lines[fresh] = [ROOT];
  state.now = 9_999;
  expect((await places.ofIds('default', [fresh])).size).toBe(0);
  state.now = 10_000;
  expect((await places.ofIds('default', [fresh])).size).toBe(1);
});

test('while nobody answers it fails, and asks again the next time', async () => {
  const { places, state } = somePlaces();
  state.failure = new TenantryError('unavailable', 'none runs');
  await expect(places.ofIds('default', [CUSTOMER])).rejects.toMatchObject({ kind: 'unavailable' });
  state.failure = new TenantryError('refused', 'The look-up cannot be made', {
    problems: [{ path: 'lookUp', message: 'is unknown' }],
  });
  await expect(places.ofIds('default', [CUSTOMER])).rejects.toMatchObject({ kind: 'unavailable' });

  state.failure = undefined;
  expect((await places.ofIds('default', [CUSTOMER])).size).toBe(1);
});

test.each(['cloud', 'tenant'])('what a worker refuses by its %s has no place', async (path) => {
  const { places, state } = somePlaces();
  state.failure = new TenantryError('refused', 'no', { problems: [{ path, message: 'is unknown' }] });

  expect(await places.ofNamed('default', { name: 'Northwind' })).toBeUndefined();
});

test.each([
  [{ name: ' Northwind ' }, true],
  [{ customerId: 'crm-17' }, true],
  // the look-up has found it by its other field
  [{ name: 'crm-17' }, false],
  [{ customerId: 'Northwind' }, false],
  [{ customerId: CUSTOMER }, false],
])('%j is placed only as what the order calls it (%s)', async (tenant, isPlaced) => {
  const { places } = somePlaces();

  expect((await places.ofNamed('default', tenant)) !== undefined).toBe(isPlaced);
});

test('an order that names no tenant is about our root', async () => {
  const { places } = somePlaces();

  expect(await places.ofNamed('default', 'own')).toMatchObject({ id: ROOT, parentIds: [] });
});

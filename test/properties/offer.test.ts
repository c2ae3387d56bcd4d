import { expect, test } from '@jest/globals';
import { array, assert, constantFrom, integer, property, record, shuffledSubarray, type Arbitrary } from 'fast-check';
import type { OfferingItem } from '../../acronis/index.js';
import { changesBetween, isOnWithQuota } from '../../activities/item-changes.js';
import { selectItems, type WantedItem } from '../../activities/offer.js';

const application = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
const [here, there] = ['5b0c9f52-1f0e-4b55-9b0e-1f2d3c4b5a69', '5b0c9f52-1f0e-4b55-9b0e-000000000002'];

function row(name: string, infra_id: string | null = null): OfferingItem {
  const measured =
    infra_id === null ? { type: 'count', measurement_unit: 'quantity' } : { type: 'infra', measurement_unit: 'bytes' };
  const item = { application_id: application, name, usage_name: name, edition: 'standard', status: 1, locked: false };
  return { ...item, ...measured, infra_id, quota: null, updated_at: null };
}

const catalogue = [row('workstations'), row('servers'), row('vms'), row('storage', here), row('storage', there)];
const names = ['workstations', 'servers', 'vms', 'storage', 'nothing of the kind'];
const offers = shuffledSubarray(catalogue);
const wishes = record({
  offeringItems: shuffledSubarray(names, { minLength: 1 }),
  edition: constantFrom(undefined),
  quotas: constantFrom(
    {},
    { workstations: { limit: 5 } },
    { storage: { limit: '1 TiB' } },
    { vms: { limit: '1 GiB' } },
  ),
  infraId: constantFrom(undefined, here, there),
  infra: constantFrom(undefined, { backup: here }, { backup: there }),
});

test('nothing is picked that is not offered, and everything that was asked for is, unless a problem says why not', () => {
  assert(
    property(offers, wishes, (available, wish) => {
      const { items, problems } = selectItems(available, wish);

      for (const { name, infra_id } of items)
        expect(available).toContainEqual(expect.objectContaining({ name, infra_id: infra_id ?? null }));
      const missing = wish.offeringItems.filter((name) => items.every((item) => item.name !== name));
      expect(missing.length > 0 && problems.length === 0).toBe(false);
    }),
  );
});

test('where data lives is never guessed: without a problem there is one storage, and it is the one that was named', () => {
  assert(
    property(offers, wishes, (available, wish) => {
      const { items, problems } = selectItems(available, wish);
      const storages = items.filter(({ name }) => name === 'storage');

      expect(problems.length === 0 && storages.length > 1).toBe(false);
      const named = [wish.infraId, wish.infra?.backup].filter((one) => one !== undefined);
      const elsewhere = storages.some(({ infra_id }) => named.some((one) => infra_id !== one));
      expect(problems.length === 0 && elsewhere).toBe(false);
    }),
  );
});

test('the order in which a cloud lists its offer decides nothing', () => {
  assert(
    property(offers, wishes, (available, wish) => {
      const [one, other] = [selectItems(available, wish), selectItems(available.toReversed(), wish)];

      expect(new Set(other.items.map((item) => JSON.stringify(item)))).toEqual(
        new Set(one.items.map((item) => JSON.stringify(item))),
      );
      expect(other.problems.length).toBe(one.problems.length);
    }),
  );
});

const quotas = record({ value: integer({ min: 0, max: 9 }), overage: constantFrom(null, 1) });
const wanted: Arbitrary<WantedItem[]> = array(
  record({ at: constantFrom(...catalogue.slice(0, 4)), quota: quotas }).map(({ at, quota }) => ({
    application_id: at.application_id,
    name: at.name,
    ...(at.infra_id === null ? {} : { infra_id: at.infra_id }),
    quota,
  })),
).map((items) => [...new Map(items.map((item) => [item.name, item])).values()]);

test('the changes between what is there and what is wanted, once made, leave nothing to change', () => {
  assert(
    property(offers, wanted, (present, on) => {
      const changes = changesBetween(present, { on, off: [] });
      const kept = present.filter((one) =>
        changes.every(({ name, infra_id }) => name !== one.name || (infra_id ?? null) !== one.infra_id),
      );
      const made = changes.map(({ quota, ...change }) => ({
        ...catalogue.find(({ name, infra_id }) => name === change.name && infra_id === (change.infra_id ?? null))!,
        status: change.status ?? 0,
        quota: quota ? { value: quota.value, overage: quota.overage, version: 1 } : null,
      }));

      expect(on.every((item) => isOnWithQuota(item, [...kept, ...made]))).toBe(true);
      expect(changesBetween([...kept, ...made], { on, off: [] })).toEqual([]);
    }),
  );
});

import type { OfferingItem, OfferingItemChange } from '../acronis/index.js';
import type { WantedItem } from './offer.js';

type Identity = Pick<OfferingItemChange, 'application_id' | 'name' | 'infra_id'>;

/** True for one and the same item of a tenant; those on several storages share a name. */
export function isSame(one: Identity, other: Identity): boolean {
  return (
    one.application_id === other.application_id &&
    one.name === other.name &&
    (one.infra_id ?? null) === (other.infra_id ?? null)
  );
}

/** True when the item is on, with the quota that is wanted of it. */
export function holds(item: WantedItem, present: readonly OfferingItem[]): boolean {
  const row = rowOf(item, present);
  return row?.status === 1 && hasQuota(row, item.quota);
}

/** The change that switches an item on; its quota goes with the present version. */
export function switchOn({ quota, ...item }: WantedItem, present: readonly OfferingItem[]): OfferingItemChange {
  const row = rowOf(item, present);
  if (quota === undefined || hasQuota(row, quota)) return { ...item, status: 1 };
  return { ...item, status: 1, quota: { ...quota, version: row?.quota?.version ?? 0 } };
}

/** What is left to change until these are on, with their quotas, and those are off. */
export function changesBetween(
  present: readonly OfferingItem[],
  { on, off }: { on: readonly WantedItem[]; off: readonly Identity[] },
): OfferingItemChange[] {
  return [
    ...off
      .filter((item) => rowOf(item, present)?.status === 1)
      .map(({ application_id, name, infra_id }) => ({ application_id, name, infra_id, status: 0 })),
    ...on.filter((item) => !holds(item, present)).map((item) => switchOn(item, present)),
  ];
}

/** The row of an item, on or off. */
export function rowOf(item: Identity, present: readonly OfferingItem[]): OfferingItem | undefined {
  return present.find((row) => isSame(row, item));
}

/** An item without a quota is unlimited. */
export function hasQuota(
  row: Pick<WantedItem, 'quota'> | Pick<OfferingItem, 'quota'> | undefined,
  wanted: WantedItem['quota'],
): boolean {
  if (wanted === undefined) return true;
  const { value, overage } = row?.quota ?? { value: null, overage: null };
  return value === wanted.value && overage === wanted.overage;
}

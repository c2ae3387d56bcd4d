import type { OfferingItem, OfferingItemChange } from '../acronis/index.js';
import type { WantedItem } from './offer.js';

/** What identifies an item of a tenant. */
export type Identity = Pick<OfferingItemChange, 'application_id' | 'name' | 'infra_id'>;

/** The quota of an item without a limit. */
export const UNLIMITED = { value: null, overage: null };

/** True for the same item of a tenant. Items on different storages have the same name. */
export function isSameItem(one: Identity, other: Identity): boolean {
  return (
    one.application_id === other.application_id &&
    one.name === other.name &&
    (one.infra_id ?? null) === (other.infra_id ?? null)
  );
}

/** True when the item is on and has the wanted quota. */
export function isOnWithQuota(item: WantedItem, present: readonly OfferingItem[]): boolean {
  const row = findRow(item, present);
  return row?.status === 1 && hasQuota(row, item.quota);
}

/** The change that switches an item on. The quota needs its present version. */
export function switchOnChange({ quota, ...item }: WantedItem, present: readonly OfferingItem[]): OfferingItemChange {
  const row = findRow(item, present);
  if (quota === undefined || hasQuota(row, quota)) return { ...item, status: 1 };
  return { ...item, status: 1, quota: { ...quota, version: row?.quota?.version ?? 0 } };
}

/** The changes that remain until `on` are on with their quotas, and `off` are off. */
export function changesBetween(
  present: readonly OfferingItem[],
  { on, off }: { on: readonly WantedItem[]; off: readonly Identity[] },
): OfferingItemChange[] {
  return [
    ...off
      .filter((item) => findRow(item, present)?.status === 1)
      .map(({ application_id, name, infra_id }) => ({ application_id, name, infra_id, status: 0 })),
    ...on.filter((item) => !isOnWithQuota(item, present)).map((item) => switchOnChange(item, present)),
  ];
}

/** The row of an item, on or off. */
export function findRow(item: Identity, present: readonly OfferingItem[]): OfferingItem | undefined {
  return present.find((row) => isSameItem(row, item));
}

/** An item without a quota is unlimited. */
export function hasQuota(
  row: Pick<WantedItem, 'quota'> | Pick<OfferingItem, 'quota'> | undefined,
  wanted: WantedItem['quota'],
): boolean {
  if (wanted === undefined) return true;
  const { value, overage } = row?.quota ?? UNLIMITED;
  return value === wanted.value && overage === wanted.overage;
}

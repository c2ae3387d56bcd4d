import type { OfferingItem } from '../acronis/index.js';
import { infraByKind, infraKinds } from './infra.js';
import { hasQuota, isSameItem, UNLIMITED } from './item-changes.js';
import type { WantedItem } from './offer.js';

/** An item that a tenant has. `usage_name` is what it counts, which links the items of different editions. */
export interface HeldItem extends WantedItem {
  usage_name: string | null;
}

/** True when a tenant has the item, and the item belongs to an edition of this application. */
export function isHeld({ application_id, edition, status }: OfferingItem, applicationId: string): boolean {
  return application_id === applicationId && edition !== null && status === 1;
}

export function heldItem({ application_id, name, infra_id, usage_name, quota }: OfferingItem): HeldItem {
  return {
    application_id,
    name,
    usage_name,
    ...(infra_id === null ? {} : { infra_id }),
    ...(quota === null ? {} : { quota: { value: quota.value, overage: quota.overage } }),
  };
}

/**
 * The items of another edition that count the same usage, with the same quotas, on the same storage where it is
 * offered. `unplaced` names the items for which several other storages are offered: the storage of data is never
 * guessed.
 */
export function counterparts(
  held: readonly OfferingItem[],
  offered: readonly OfferingItem[],
): { items: HeldItem[]; unplaced: string[] } {
  const found = held.flatMap((item) => {
    const alike = offered.filter((one) => countsAlike(one, item));
    const [only] = alike;
    const row = alike.find(({ infra_id }) => infra_id === item.infra_id) ?? (alike.length === 1 ? only : undefined);
    return only === undefined ? [] : [{ item, row }];
  });
  // a customer has one storage of each kind
  const kindOf = infraKinds([...held, ...offered]);
  const places = infraByKind(
    found.flatMap(({ row }) => row ?? []),
    kindOf,
  );
  const isPlaced = (row: OfferingItem) => row.infra_id === null || places.get(kindOf(row))!.size === 1;
  return {
    items: found.flatMap(({ item, row }) =>
      row !== undefined && isPlaced(row) ? [{ ...heldItem(row), ...carried(item) }] : [],
    ),
    unplaced: found.flatMap(({ item, row }) => (row !== undefined && isPlaced(row) ? [] : [item.name])),
  };
}

/** The items, each with the quota of the item that counted the same usage before. */
export function withFormerQuotas(held: readonly OfferingItem[], before: readonly HeldItem[]): HeldItem[] {
  return held.map((item) => {
    const alike = before.filter((one) => countsAlike(one, item));
    const former = alike.find(({ infra_id }) => infra_id === (item.infra_id ?? undefined)) ?? alike[0];
    return { ...heldItem(item), ...(former === undefined ? {} : carried(former)) };
  });
}

/** The names of items that are not as they were found, and of those that were not there. */
export function namesChangedFrom(held: readonly OfferingItem[], before: readonly HeldItem[]): string[] {
  const isAsFound = (item: HeldItem) =>
    held.some((row) => isSameItem(row, item) && hasQuota(row, item.quota ?? UNLIMITED));
  const added = held.filter((row) => !before.some((item) => isSameItem(item, row)));
  return [...before.filter((item) => !isAsFound(item)), ...added].map(({ name }) => name);
}

/** The names of items that have neither the former quota of the same usage nor an unlimited one. */
export function namesChangedSince(held: readonly OfferingItem[], before: readonly HeldItem[]): string[] {
  const bare = held.map((item) => ({ ...item, quota: null }));
  const wanted = withFormerQuotas(bare, before).map(({ quota }) => quota);
  const isLeft = (item: OfferingItem, at: number) =>
    isUnlimited(item) || (wanted[at] !== undefined && hasQuota(item, wanted[at]));
  return held.filter((item, at) => !isLeft(item, at)).map(({ name }) => name);
}

function isUnlimited({ quota }: OfferingItem): boolean {
  return quota === null || (quota.value === null && quota.overage === null);
}

/** True for items of two editions that count the same. */
export function countsAlike(one: Pick<HeldItem, 'usage_name'>, other: Pick<HeldItem, 'usage_name'>): boolean {
  return one.usage_name !== null && one.usage_name === other.usage_name;
}

function carried({ quota }: Pick<OfferingItem, 'quota'> | HeldItem): Pick<HeldItem, 'quota'> {
  return quota ? { quota: { value: quota.value, overage: quota.overage } } : {};
}

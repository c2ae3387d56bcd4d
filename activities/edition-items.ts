import type { OfferingItem } from '../acronis/index.js';
import type { WantedItem } from './offer.js';

/** An item that a tenant has, and what it counts: the link between editions. */
export interface HeldItem extends WantedItem {
  usage_name: string | null;
}

/** True for what a tenant has of any edition of an application. */
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
 * The items of another edition that count what these count, on the same storage where there is one, with the same quotas. Names those for which
 * only other storages are offered, several of them: where data lives is never guessed.
 */
export function counterparts(
  held: readonly OfferingItem[],
  offered: readonly OfferingItem[],
): { items: HeldItem[]; unplaced: string[] } {
  const items: HeldItem[] = [];
  const unplaced: string[] = [];
  for (const item of held) {
    const alike = offered.filter((one) => countsAlike(one, item));
    const [first] = alike;
    const chosen = alike.find(({ infra_id }) => infra_id === item.infra_id) ?? (alike.length === 1 ? first : undefined);
    if (chosen !== undefined) items.push({ ...heldItem(chosen), ...carried(item) });
    else if (first !== undefined) unplaced.push(item.name);
  }
  return { items, unplaced };
}

/** These items, each with the quota of the one that counted the same before. */
export function withFormerQuotas(held: readonly OfferingItem[], before: readonly HeldItem[]): HeldItem[] {
  return held.map((item) => {
    const alike = before.filter((one) => countsAlike(one, item));
    const former = alike.find(({ infra_id }) => infra_id === (item.infra_id ?? undefined)) ?? alike[0];
    return { ...heldItem(item), ...(former === undefined ? {} : carried(former)) };
  });
}

function countsAlike(one: Pick<HeldItem, 'usage_name'>, other: Pick<HeldItem, 'usage_name'>): boolean {
  return one.usage_name !== null && one.usage_name === other.usage_name;
}

function carried({ quota }: Pick<OfferingItem, 'quota'> | HeldItem): Pick<HeldItem, 'quota'> {
  return quota ? { quota: { value: quota.value, overage: quota.overage } } : {};
}

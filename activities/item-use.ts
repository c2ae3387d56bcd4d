import type { Acronis, OfferingItem, Usage } from '../acronis/index.js';
import type { NotDoneItem } from '../workflows/change-entitlement/contract.js';
import { findRow, UNLIMITED } from './item-changes.js';
import type { WantedItem } from './offer.js';
import { toWords } from './quantities.js';

/** An item, and the field of the order that it is from. */
export type OrderedItem = WantedItem & { field: string };

/** Items to switch on, or with another quota, and items to switch off. */
export interface OrderedChanges {
  on: OrderedItem[];
  off: OrderedItem[];
}

/**
 * Sets aside what would allow less than the tenant uses: a lower quota, and switching off an item in use. A quota that
 * allows no less than the present one is never set aside. Asks the cloud only when there is such a change.
 */
export async function setAsideUsed(
  acronis: Acronis,
  tenantId: string,
  { on, off }: OrderedChanges,
  present: readonly OfferingItem[],
): Promise<OrderedChanges & { notDone: NotDoneItem[] }> {
  const lower = on.filter((item) => allowsLess(item.quota ?? UNLIMITED, findRow(item, present)));
  const leaving = off.filter((item) => findRow(item, present)?.status === 1);
  if (lower.length + leaving.length === 0) return { on, off, notDone: [] };
  const usages = await acronis.usages.list(tenantId);
  const notDone = new Map<OrderedItem, NotDoneItem>();
  for (const item of [...lower, ...leaving]) {
    const row = findRow(item, present)!;
    const used = usedOf(row, usages);
    const wanted = leaving.includes(item) ? 0 : (item.quota?.value ?? Infinity);
    if (used > wanted) notDone.set(item, { field: item.field, wanted, used, why: whyNotDone(row, { wanted, used }) });
  }
  const isDone = (item: OrderedItem) => !notDone.has(item);
  return { on: on.filter(isDone), off: off.filter(isDone), notDone: [...notDone.values()] };
}

type Limits = NonNullable<WantedItem['quota']>;

/** True when an item that is on would be warned about, or stopped, at less than now. */
function allowsLess(wanted: Limits, row: OfferingItem | undefined): boolean {
  if (row?.status !== 1) return false;
  const now = row.quota ?? UNLIMITED;
  return warnsAbove(wanted) < warnsAbove(now) || stopsAbove(wanted) < stopsAbove(now);
}

function warnsAbove({ value }: Limits): number {
  return value ?? Infinity;
}

function stopsAbove({ value, overage }: Limits): number {
  return value === null || overage === null ? Infinity : value + overage;
}

/** The use of an item, also as another item that counts the same there: after a switch of editions it is listed so. */
function usedOf({ application_id, name, usage_name, infra_id }: OfferingItem, usages: readonly Usage[]): number {
  const counted = usages.filter(
    (usage) =>
      (usage.name === name || usage.usage_name === usage_name) &&
      (usage.application_id ?? application_id) === application_id &&
      (usage.infra_id ?? infra_id) === infra_id,
  );
  return Math.max(0, ...counted.map(({ absolute_value }) => absolute_value));
}

function whyNotDone(row: OfferingItem, { wanted, used }: Pick<NotDoneItem, 'wanted' | 'used'>): string {
  const inUse = `the tenant uses ${toWords(used, row)}`;
  return wanted === 0 ? `${inUse} of ${row.name}` : `${inUse} of ${row.name}, more than ${toWords(wanted, row)}`;
}

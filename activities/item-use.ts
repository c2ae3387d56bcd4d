import type { Acronis, OfferingItem, Usage } from '../acronis/index.js';
import type { BelowUse } from '../contract/sales-plans.js';
import type { NotDoneItem } from '../workflows/change-entitlement/contract.js';
import { findRow, UNLIMITED } from './item-changes.js';
import type { WantedItem } from './offer.js';
import { toAmount, toWords } from './quantities.js';

/** An item, and the field of the order that it is from. */
export type OrderedItem = WantedItem & { field: string };

/** Items to switch on, or with another quota, and items to switch off. */
export interface OrderedChanges {
  on: OrderedItem[];
  off: OrderedItem[];
}

/**
 * Sets aside what would allow less than the tenant uses: a lower quota, and switching off an item in use. A quota that
 * allows no less than the present one is never set aside, nor any if the order sets quotas below the use. One that limits
 * to the use is set to what is used. Asks the cloud only when there is such a change.
 */
export async function setAsideUsed(
  acronis: Acronis,
  tenantId: string,
  { on, off, belowUse = 'keep' }: OrderedChanges & { belowUse?: BelowUse | undefined },
  present: readonly OfferingItem[],
): Promise<OrderedChanges & { notDone: NotDoneItem[] }> {
  const [lower, leaving] = [belowUse === 'set' ? [] : lowered(on, present), switchedOff(off, present)];
  if (lower.length + leaving.length === 0) return { on, off, notDone: [] };
  const usages = await acronis.usages.list(tenantId);
  const notDone = new Map<OrderedItem, NotDoneItem>();
  const limited = new Map<OrderedItem, OrderedItem>();
  for (const item of [...lower, ...leaving]) {
    const row = findRow(item, present)!;
    const used = usedOf(row, usages);
    const wanted = leaving.includes(item) ? 0 : (item.quota?.value ?? Infinity);
    if (used <= wanted) continue;
    const left = { field: item.field, wanted, used, why: whyNotDone(row, { wanted, used }) };
    const limit = belowUse === 'limitToUse' && lower.includes(item) ? limitedToUse(item, row, used) : undefined;
    notDone.set(item, limit === undefined ? left : { ...left, ...limitOf(limit, row, left.why) });
    if (limit !== undefined) limited.set(item, limit);
  }
  return {
    on: on.flatMap((item) => (notDone.has(item) ? (limited.get(item) ?? []) : item)),
    off: off.filter((item) => !notDone.has(item)),
    notDone: [...notDone.values()],
  };
}

/** The items of which the tenant may use less than now, or nothing. */
export function takenAway({ on, off }: OrderedChanges, present: readonly OfferingItem[]): OrderedItem[] {
  return [...lowered(on, present), ...switchedOff(off, present)];
}

function lowered(on: readonly OrderedItem[], present: readonly OfferingItem[]): OrderedItem[] {
  return on.filter((item) => allowsLess(item.quota ?? UNLIMITED, findRow(item, present)));
}

function switchedOff(off: readonly OrderedItem[], present: readonly OfferingItem[]): OrderedItem[] {
  return off.filter((item) => findRow(item, present)?.status === 1);
}

/** With what is used as its quota; undefined when the present one is no higher than that. */
function limitedToUse(item: OrderedItem, row: OfferingItem, used: number): OrderedItem | undefined {
  const value = Math.ceil(used);
  if (warnsAbove(row.quota ?? UNLIMITED) <= value) return undefined;
  return { ...item, quota: { value, overage: item.quota?.overage ?? null } };
}

function limitOf({ quota }: OrderedItem, row: OfferingItem, why: string): Pick<NotDoneItem, 'why' | 'limitedTo'> {
  const { value, overage } = quota!;
  const limit = toAmount(value!, row);
  const limitedTo = { limit, ...(overage !== null && { overage: toAmount(overage, row) }) };
  return { why: `${why}: limited to what is used`, limitedTo };
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

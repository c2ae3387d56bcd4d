import type { OfferingItem } from '../acronis/index.js';
import { didYouMean } from '../contract/misspellings.js';
import type { Quota } from '../workflows/provision-customer/contract.js';
import { infraKinds, onChosenInfra, type InfraChoice } from './infra.js';
import { toVendorUnit } from './quantities.js';

/** An item to switch on, in the vendor's terms and units. */
export interface WantedItem {
  application_id: string;
  name: string;
  infra_id?: string;
  /** Unlimited without a value. */
  quota?: { value: number | null; overage: number | null };
}

/** The ordered items: those of an edition, those that are named, or both. */
export interface ItemWish extends InfraChoice {
  offeringItems: string[] | undefined;
  edition: string | undefined;
  quotas: Record<string, Quota>;
}

/** The selected items, and the problems of the order. */
export interface ItemSelection {
  items: WantedItem[];
  /** Names of the items that are only on or off. */
  switches: string[];
  problems: string[];
}

/** Selects the ordered items from those offered. Reports every problem; never selects something else instead. */
export function selectItems(offered: readonly OfferingItem[], wish: ItemWish): ItemSelection {
  const problems: string[] = [];
  const available = withoutRepeats(offered);
  const named = byName(available, wish.offeringItems ?? [], problems);
  const ofOne = wish.edition === undefined ? [] : ofEdition(available, wish.edition, problems);
  checkEditions(named, ofOne, problems);
  const rows = withoutRepeats([...ofOne, ...named]);
  const placed = onChosenInfra(rows, wish, { kindOf: infraKinds(available), problems });
  if (problems.length === 0) checkPlaced(named, placed, problems);
  const quotas = quotasOf(placed, wish.quotas, problems);
  return { ...chosen(placed, quotas), problems };
}

/**
 * Selects all items of one edition, or of all, and those without an edition. A partner may have many storages, and a
 * quota is that of each item with its name.
 * @see https://www.acronis.com/en-us/support/documentation/AcronisCyberCloud/soft-and-hard-quotas.html (partners have
 * soft quotas only)
 */
export function selectAllItems(
  offered: readonly OfferingItem[],
  { edition, quotas }: Pick<ItemWish, 'edition' | 'quotas'>,
): ItemSelection {
  const problems: string[] = [];
  const available = withoutRepeats(offered);
  const ofNone = available.filter((row) => row.edition === null);
  const rows = edition === undefined ? available : [...ofEdition(available, edition, problems), ...ofNone];
  if (edition === undefined && rows.length === 0) problems.push('editions: the parent offers nothing to a partner');
  const found = quotasOf(rows, quotas, problems);
  return { ...chosen(rows, found), problems };
}

/** Each item once: a list may contain an item twice. */
export function withoutRepeats(rows: readonly OfferingItem[]): OfferingItem[] {
  const found = new Map(rows.map((row) => [[row.application_id, row.name, row.infra_id].join(' '), row]));
  return [...found.values()];
}

function byName(available: readonly OfferingItem[], names: readonly string[], problems: string[]): OfferingItem[] {
  return [...new Set(names)].flatMap((name) => {
    const rows = available.filter((row) => row.name === name);
    if (rows.length > 0) return rows;
    const alike = [...new Set(available.filter((row) => row.usage_name === name).map((row) => row.name))];
    const hint =
      alike.length > 0
        ? `; did you mean ${alike.join(' or ')}?`
        : didYouMean(
            name,
            available.map((row) => row.name),
          );
    problems.push(`offeringItems: the parent does not offer ${JSON.stringify(name)}${hint}`);
    return [];
  });
}

function ofEdition(available: readonly OfferingItem[], edition: string, problems: string[]): OfferingItem[] {
  const rows = available.filter((row) => row.edition === edition);
  if (rows.length > 0) return rows;
  const known = [...new Set(available.flatMap((row) => (row.edition === null ? [] : [row.edition])))];
  problems.push(`edition: the parent does not offer ${JSON.stringify(edition)}, only ${known.join(', ') || 'none'}`);
  return [];
}

/** A customer has one edition of each application: the ordered one, else that of the first item with an edition. */
function checkEditions(named: readonly OfferingItem[], ofOne: readonly OfferingItem[], problems: string[]): void {
  const editions = new Map<string, string>();
  const reported = new Set<string>();
  for (const { application_id, name, edition } of [...ofOne, ...named]) {
    const first = editions.get(application_id) ?? edition;
    if (first !== null) editions.set(application_id, first);
    if (edition === null || edition === first || reported.has(name)) continue;
    reported.add(name);
    const fields = ofOne.some((row) => row.application_id === application_id)
      ? 'offeringItems and edition'
      : 'offeringItems';
    problems.push(
      `${fields}: ${name} belongs to ${edition}, the order to ${first}, and a customer has one edition of a service`,
    );
  }
}

/** Reports a named item that is only offered on other storages. */
function checkPlaced(named: readonly OfferingItem[], placed: readonly OfferingItem[], problems: string[]): void {
  for (const name of new Set(named.map((row) => row.name))) {
    if (placed.some((row) => row.name === name)) continue;
    const places = named.filter((row) => row.name === name).map(({ infra_id }) => infra_id);
    problems.push(`offeringItems: ${name} is not offered on the place that is chosen, only on ${places.join(', ')}`);
  }
}

function quotasOf(rows: readonly OfferingItem[], quotas: ItemWish['quotas'], problems: string[]): QuotasOfRows {
  const found: QuotasOfRows = new Map();
  for (const [name, quota] of Object.entries(quotas)) {
    const meant = rows.filter((row) => row.name === name || row.usage_name === name);
    if (meant.length === 0) problems.push(`quotas.${name}: no item of this order is called so`);
    for (const row of meant) setQuota(found, row, { name, quota }, problems);
  }
  return found;
}

/** The ordered quotas, with the field of the order that each is from. */
export type QuotasOfRows = Map<OfferingItem, NonNullable<WantedItem['quota']> & { field: string }>;

/** Gives a row its ordered quota, in its unit. Two quotas of one row are a problem. */
export function setQuota(
  found: QuotasOfRows,
  row: OfferingItem,
  { name, quota: { limit, overage } }: { name: string; quota: Quota },
  problems: string[],
): void {
  const field = `quotas.${name}`;
  const value = inUnit(row, limit, `${field}.limit`, problems);
  const extra = overage === undefined ? null : inUnit(row, overage, `${field}.overage`, problems);
  const other = found.get(row)?.field;
  if (other !== undefined) problems.push(`${other} and ${field} are both of ${row.name}: leave one of them out`);
  found.set(row, { value, overage: extra, field });
}

function inUnit(row: OfferingItem, amount: string | number, field: string, problems: string[]): number | null {
  const value = toVendorUnit(amount, isSwitch(row) ? { ...row, measurement_unit: 'n/a' } : row);
  if (typeof value === 'number') return value;
  problems.push(`${field}: ${row.name} ${value.problem}`);
  return null;
}

/** True for an item without a quota. A feature that has a quota is counted. */
export function isSwitch({ type, measurement_unit, quota }: OfferingItem): boolean {
  return measurement_unit === 'n/a' || (type === 'feature' && quota === null);
}

function chosen(rows: readonly OfferingItem[], quotas: ReadonlyMap<OfferingItem, WantedItem['quota']>) {
  return {
    items: rows.map((row) => wantedItem(row, quotas.get(row))),
    switches: [...new Set(rows.filter(isSwitch).map(({ name }) => name))],
  };
}

/** The item of a row, with this quota. */
export function wantedItem({ application_id, name, infra_id }: OfferingItem, quota: WantedItem['quota']): WantedItem {
  return {
    application_id,
    name,
    ...(infra_id === null ? {} : { infra_id }),
    ...(quota ? { quota: { value: quota.value, overage: quota.overage } } : {}),
  };
}

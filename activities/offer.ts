import type { OfferingItem } from '../acronis/index.js';
import type { Quota } from '../workflows/provision-customer/contract.js';
import { quantity } from './quantities.js';

/** One item to switch on, in the vendor's words and units. */
export interface WantedItem {
  application_id: string;
  name: string;
  infra_id?: string;
  /** Without a value it is unlimited. */
  quota?: { value: number | null; overage: number | null };
}

export interface Wish {
  offeringItems: string[] | undefined;
  edition: string | undefined;
  quotas: Record<string, Quota>;
  infraId: string | undefined;
}

/** What is picked, and what stands against it. */
export interface Choice {
  items: WantedItem[];
  problems: string[];
}

/** Picks what was asked for out of what the parent offers. Every problem is told; nothing is picked in its place. */
export function choose(available: readonly OfferingItem[], wish: Wish): Choice {
  const problems: string[] = [];
  const rows =
    wish.edition === undefined
      ? byName(available, wish.offeringItems ?? [], problems)
      : ofEdition(available, wish.edition, problems);
  const placed = placeStorages(rows, wish.infraId, problems);
  const quotas = quotasOf(placed, wish.quotas, problems);
  return { items: placed.map((row) => wantedItem(row, quotas.get(row.name))), problems };
}

/** All that is offered of one edition, or of every one, with what belongs to none: a partner sells it on, and may have any number of storages. */
export function wholesale(available: readonly OfferingItem[], edition: string | undefined): Choice {
  const problems: string[] = [];
  const ofNone = available.filter((row) => row.edition === null);
  const rows = edition === undefined ? available : [...ofEdition(available, edition, problems), ...ofNone];
  if (edition === undefined && rows.length === 0) problems.push('editions: the parent offers nothing to a partner');
  return { items: rows.map((row) => wantedItem(row, undefined)), problems };
}

function byName(available: readonly OfferingItem[], names: readonly string[], problems: string[]): OfferingItem[] {
  return [...new Set(names)].flatMap((name) => {
    const rows = available.filter((row) => row.name === name);
    if (rows.length > 0) return rows;
    const alike = [...new Set(available.filter((row) => row.usage_name === name).map((row) => row.name))];
    const hint = alike.length > 0 ? `; did you mean ${alike.join(' or ')}?` : '';
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

/** A customer has one storage of each kind, and where data lives is never guessed. */
function placeStorages(rows: OfferingItem[], infraId: string | undefined, problems: string[]): OfferingItem[] {
  const storages = [...new Set(rows.filter((row) => row.type === 'infra').flatMap((row) => row.infra_id ?? []))];
  if (infraId !== undefined && !storages.includes(infraId))
    problems.push(`infraId: ${infraId} is not among the storages offered: ${storages.join(', ') || 'none'}`);
  const placed = rows.filter((row) => row.type !== 'infra' || infraId === undefined || !isRival(rows, row, infraId));
  const split = [...new Set(placed.map((row) => row.name))].filter(
    (name) => placed.filter((row) => row.name === name && row.type === 'infra').length > 1,
  );
  if (infraId === undefined && split.length > 0)
    problems.push(`infraId: several storages are offered for ${split.join(', ')}; name one of ${storages.join(', ')}`);
  const kept = new Set(placed.filter((row) => row.type === 'infra').map((row) => row.infra_id));
  return placed.filter((row) => row.type === 'infra' || row.infra_id === null || kept.has(row.infra_id));
}

function isRival(rows: OfferingItem[], row: OfferingItem, infraId: string): boolean {
  return row.infra_id !== infraId && rows.some((other) => other.name === row.name && other.infra_id === infraId);
}

function quotasOf(rows: OfferingItem[], quotas: Wish['quotas'], problems: string[]) {
  const chosen = new Map<string, { value: number; overage: number | null }>();
  for (const [name, { limit, overage }] of Object.entries(quotas)) {
    const meant = rows.filter((row) => row.name === name || row.usage_name === name);
    if (meant.length === 0) problems.push(`quotas.${name}: no item of this order is called so`);
    for (const row of meant) {
      const value = quantity(limit, row.measurement_unit);
      const extra = overage === undefined ? null : quantity(overage, row.measurement_unit);
      if (typeof value === 'object') problems.push(`quotas.${name}.limit: ${row.name} ${value.problem}`);
      else if (extra !== null && typeof extra === 'object')
        problems.push(`quotas.${name}.overage: ${row.name} ${extra.problem}`);
      else chosen.set(row.name, { value, overage: extra });
    }
  }
  return chosen;
}

function wantedItem({ application_id, name, infra_id }: OfferingItem, quota: WantedItem['quota']): WantedItem {
  return { application_id, name, ...(infra_id === null ? {} : { infra_id }), ...(quota ? { quota } : {}) };
}

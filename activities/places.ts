import type { OfferingItem } from '../acronis/index.js';

/** Where a customer's data shall lie, as an order names it. */
export interface NamedPlaces {
  /** One storage or site; it counts for every kind for which it is offered. */
  infraId: string | undefined;
  /** One storage or site for each kind. Absent in runs that an older version began. */
  infra?: Readonly<Record<string, string>> | undefined;
}

/** Applications that keep data in places of their own, by the vendor's types. */
const applications: Record<string, string> = {
  'dfd85a5f-a464-32ab-81fd-99bcc66a070f': 'files_cloud',
  'f9c5744e-bd1a-36b6-b0f0-ecd7483e1796': 'notary',
  'b71b2c18-590a-303c-9d5a-8444fbe713ac': 'physical_data_shipping',
  'cc29685d-a9ca-3e87-a83d-069f18b588f0': 'hci',
};

/**
 * Of which kind each place is, read from the items that lie there, which costs no call: `backup`, `dr` (disaster recovery), the application that
 * keeps data there, or, of what nobody knows, the name of its usage.
 */
export function placeKinds(rows: readonly OfferingItem[]): (row: OfferingItem) => string {
  const known = new Map<string, Set<string>>();
  for (const row of rows) {
    const kind = ownKind(row);
    if (row.infra_id !== null && kind !== undefined)
      known.set(row.infra_id, (known.get(row.infra_id) ?? new Set()).add(kind));
  }
  return (row) => {
    const [only, ...others] = known.get(row.infra_id ?? '') ?? [];
    return ownKind(row) ?? (others.length === 0 ? only : undefined) ?? row.usage_name ?? row.name;
  };
}

function ownKind({ application_id, name, usage_name }: OfferingItem): string | undefined {
  const ofApplication = applications[application_id];
  if (ofApplication !== undefined) return ofApplication;
  const counted = usage_name ?? name;
  if (/(^|_)(dr_\w+|compute_points)$/.test(counted) || /(^|_)dr_/.test(name)) return 'dr';
  return /^(.*_)?storage$/.test(counted) ? 'backup' : undefined;
}

/**
 * Those rows that lie where the order says. A customer has one place of each kind; where several are offered and none is named, that is a problem:
 * where data lives is never guessed.
 */
export function inPlaces(
  rows: readonly OfferingItem[],
  named: NamedPlaces,
  { kindOf, problems }: { kindOf: (row: OfferingItem) => string; problems: string[] },
): OfferingItem[] {
  const offered = placesByKind(rows, kindOf);
  const chosen = choices(offered, named, problems);
  for (const [kind, places] of offered) {
    if (places.size < 2 || chosen.has(kind)) continue;
    const meant = rows.filter((row) => row.infra_id !== null && kindOf(row) === kind).map(({ name }) => name);
    problems.push(
      `infra.${kind}: several are offered for ${[...new Set(meant)].join(', ')}; name one of ${[...places].join(', ')}`,
    );
  }
  return rows.filter((row) => row.infra_id === null || (chosen.get(kindOf(row)) ?? row.infra_id) === row.infra_id);
}

/** The places of each kind on which rows lie. */
export function placesByKind(
  rows: readonly OfferingItem[],
  kindOf: (row: OfferingItem) => string,
): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>();
  for (const row of rows) {
    if (row.infra_id === null) continue;
    const kind = kindOf(row);
    places.set(kind, (places.get(kind) ?? new Set()).add(row.infra_id));
  }
  return places;
}

function choices(offered: Map<string, Set<string>>, { infraId, infra = {} }: NamedPlaces, problems: string[]) {
  const chosen = new Map<string, string>();
  for (const [kind, place] of Object.entries(infra)) {
    const places = offered.get(kind);
    if (places === undefined)
      problems.push(
        `infra.${kind}: no ordered item keeps data of this kind; this order has ${[...offered.keys()].join(', ') || 'none'}`,
      );
    else if (!places.has(place))
      problems.push(`infra.${kind}: ${place} is not among those offered: ${[...places].join(', ')}`);
    chosen.set(kind, place);
  }
  if (infraId === undefined) return chosen;
  const kinds = [...offered].filter(([, places]) => places.has(infraId)).map(([kind]) => kind);
  if (kinds.length === 0) {
    const all = new Set([...offered.values()].flatMap((places) => [...places]));
    problems.push(`infraId: ${infraId} is not among the storages offered: ${[...all].join(', ') || 'none'}`);
  }
  for (const kind of kinds) {
    if ((chosen.get(kind) ?? infraId) !== infraId)
      problems.push(`infraId and infra.${kind} name two places of one kind: leave one of them out`);
    chosen.set(kind, infraId);
  }
  return chosen;
}

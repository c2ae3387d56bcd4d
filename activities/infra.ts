import type { OfferingItem } from '../acronis/index.js';

/** The storages and sites for the data of a customer, as an order names them. */
export interface InfraChoice {
  /** One storage or site, for every kind of data for which it is offered. */
  infraId: string | undefined;
  /** One storage or site for each kind of data. Absent in runs that an earlier version began. */
  infra?: Readonly<Record<string, string>> | undefined;
}

/** The vendor's types of the applications that have storages of their own. */
const applications: Record<string, string> = {
  'dfd85a5f-a464-32ab-81fd-99bcc66a070f': 'files_cloud',
  'f9c5744e-bd1a-36b6-b0f0-ecd7483e1796': 'notary',
  'b71b2c18-590a-303c-9d5a-8444fbe713ac': 'physical_data_shipping',
  'cc29685d-a9ca-3e87-a83d-069f18b588f0': 'hci',
};

/**
 * The kind of data for which a storage or site is. It comes from the items there, so it costs no call: `backup`, `dr`
 * (disaster recovery), the application that keeps data there, or else the name of the usage.
 */
export function infraKinds(rows: readonly OfferingItem[]): (row: OfferingItem) => string {
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
 * The rows on the storages that the order names. A customer has one storage of each kind. Several offered ones without
 * a name are a problem, because the storage of data is never guessed.
 */
export function onChosenInfra(
  rows: readonly OfferingItem[],
  named: InfraChoice,
  { kindOf, problems }: { kindOf: (row: OfferingItem) => string; problems: string[] },
): OfferingItem[] {
  const offered = infraByKind(rows, kindOf);
  const chosen = chosenInfra(offered, named, problems);
  for (const [kind, places] of offered) {
    if (places.size < 2 || chosen.has(kind)) continue;
    const meant = rows.filter((row) => row.infra_id !== null && kindOf(row) === kind).map(({ name }) => name);
    problems.push(
      `infra.${kind}: several are offered for ${[...new Set(meant)].join(', ')}; name one of ${[...places].join(', ')}`,
    );
  }
  return rows.filter((row) => row.infra_id === null || (chosen.get(kindOf(row)) ?? row.infra_id) === row.infra_id);
}

/** The storages and sites of the rows, by kind. */
export function infraByKind(
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

function chosenInfra(offered: Map<string, Set<string>>, { infraId, infra = {} }: InfraChoice, problems: string[]) {
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

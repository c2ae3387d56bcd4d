import type { Acronis, OfferingItem } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome } from './attempt.js';
import { refuse } from './failures.js';
import { isSameItem } from './item-changes.js';
import { infraByKind, infraKinds, type InfraChoice } from './infra.js';
import { selectItems, type WantedItem } from './offer.js';
import { readOffer } from './offering-items.js';

interface MissingSpec extends InfraChoice {
  cloud: string;
  tenantId: string;
  kind: string;
  parentTenantId: string;
  offeringItems: string[];
}

export function createMissingItemActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds which of these items an existing tenant lacks, among those that its parent offers: on the storage or site
     * that the tenant already has for that kind of data, else on the one that the order names. Changes nothing. Fails
     * with `Tenantry.NotOffered`, naming every item and storage that does not fit, and with `Acronis.Rejected` when
     * data would have to move or the tenant would have two editions.
     */
    findMissingItems: activity.look(dependencies, findMissingItems),
  };
}

async function findMissingItems(
  spec: MissingSpec,
  { acronis }: Attempt,
): Promise<Outcome<{ items: WantedItem[]; names: string[] }>> {
  const { tenantId, offeringItems } = spec;
  const present = (await acronis.offeringItems.list(tenantId)).filter(({ status }) => status === 1);
  const { items, problems } = await chooseMissing(acronis, spec, present);
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.join('; '));
  return { result: { items, names: offeringItems } };
}

/** The items that a tenant lacks, and their rows as the parent offers them. */
interface MissingItems {
  items: WantedItem[];
  rows: OfferingItem[];
  /** Why some of them cannot be had. */
  problems: string[];
}

interface Missing extends Omit<MissingSpec, 'cloud' | 'tenantId'> {
  /** True: a place in `infra` counts only for a kind of data that the tenant does not have yet. */
  placesNewKindsOnly?: boolean;
}

/** Chooses what a tenant lacks of the ordered items, from what its parent offers. `present` are the items that are on. */
export async function chooseMissing(
  acronis: Acronis,
  { kind, parentTenantId, offeringItems, infraId, placesNewKindsOnly = false, ...given }: Missing,
  present: readonly OfferingItem[],
): Promise<MissingItems> {
  const missing = offeringItems.filter((name) => !present.some((row) => row.name === name));
  const available =
    missing.length === 0 ? [] : await readOffer(acronis, { parent: parentTenantId, kind, field: 'tenant' });
  const kindOf = infraKinds([...available, ...present]);
  const lacking = available.filter((row) => missing.includes(row.name));
  const wanted = [...lacking, ...present.filter((row) => offeringItems.includes(row.name))];
  const held = infraByKind(present, kindOf);
  const ordered = [...infraByKind(wanted, kindOf).keys()];
  const offers = infraByKind([...available, ...present], kindOf);
  const meant = ordered.filter((one) => infraId !== undefined && offers.get(one)?.has(infraId));
  const counts = ([one]: [string, string]) => !placesNewKindsOnly || (ordered.includes(one) && !held.has(one));
  const infra = Object.fromEntries(Object.entries(given.infra ?? {}).filter(counts));
  checkStays({ infraId, infra }, { ordered, held, meant });
  if (missing.length === 0) return { items: [], rows: [], problems: [] };
  if (kind === 'customer') checkEdition(lacking, present);

  const needed = [...infraByKind(lacking, kindOf).keys()];
  const settled = onlyPlaces(needed, held);
  const chosen = Object.entries(infra).filter(([one]) => needed.includes(one));
  const named = { ...Object.fromEntries(chosen), ...Object.fromEntries(settled) };
  // an id that is offered for no ordered kind is refused there
  const isOpen = meant.length === 0 || meant.some((one) => needed.includes(one) && !settled.has(one));
  const wish = { offeringItems: missing, edition: undefined, quotas: {}, infra: named };
  const { items, problems } = selectItems(available, { ...wish, infraId: isOpen ? infraId : undefined });
  return { items, rows: lacking.filter((row) => items.some((item) => isSameItem(item, row))), problems };
}

/** The storage of each of these kinds for which the tenant has exactly one. */
function onlyPlaces(kinds: readonly string[], held: Kinds['held']): Map<string, string> {
  const found = kinds.flatMap((kind) => {
    const [only, ...others] = held.get(kind) ?? [];
    return only === undefined || others.length > 0 ? [] : [[kind, only] as const];
  });
  return new Map(found);
}

/** What is known about the kinds of data of an order. */
interface Kinds {
  /** The kinds that its items keep. */
  ordered: readonly string[];
  /** The storages that the tenant has for each kind. */
  held: ReadonlyMap<string, ReadonlySet<string>>;
  /** The ordered kinds for which `infraId` is offered. */
  meant: readonly string[];
}

/** Data is never moved: when the tenant has a storage for a kind of data, the order may not name another. */
function checkStays({ infraId, infra = {} }: InfraChoice, { ordered, held, meant }: Kinds): void {
  const unknown = Object.keys(infra).find((kind) => !ordered.includes(kind));
  if (unknown !== undefined)
    throw refuse(FailureType.Rejected, `infra.${unknown}: no ordered item keeps data of this kind; leave it out`);
  if (infraId !== undefined && ordered.length === 0)
    throw refuse(FailureType.Rejected, 'infraId: no ordered item keeps data on a storage or site; leave it out');
  // an id that nobody offers is compared with the storages that the tenant has
  const byId = meant.length > 0 ? meant : ordered.every((kind) => held.has(kind)) ? ordered : [];
  const named = [
    ...(infraId === undefined ? [] : byId.map((kind) => ['infraId', kind, infraId] as const)),
    ...Object.entries(infra).map(([kind, place]) => [`infra.${kind}`, kind, place] as const),
  ];
  for (const [field, kind, place] of named) {
    const present = held.get(kind);
    if (present !== undefined && !present.has(place))
      throw refuse(
        FailureType.Rejected,
        `${field}: the ${kind} data of this tenant lies on ${[...present].join(', ')} already; name that place, or none`,
      );
  }
}

/** A customer has one edition of each application. */
function checkEdition(lacking: readonly OfferingItem[], present: readonly OfferingItem[]): void {
  for (const { application_id, name, edition } of lacking) {
    const other = present.find(
      (row) => row.application_id === application_id && row.edition !== null && row.edition !== edition,
    );
    if (edition !== null && other !== undefined)
      throw refuse(
        FailureType.Rejected,
        `offeringItems: ${name} belongs to ${edition}, the tenant has ${other.edition}, and a customer has one edition of a service; name items of ${other.edition}, or run switchEdition first`,
      );
  }
}

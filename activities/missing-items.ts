import type { OfferingItem } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome } from './attempt.js';
import { refuse } from './failures.js';
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
  { tenantId, kind, parentTenantId, offeringItems, infraId, infra = {} }: MissingSpec,
  { acronis }: Attempt,
): Promise<Outcome<{ items: WantedItem[]; names: string[] }>> {
  const present = (await acronis.offeringItems.list(tenantId)).filter(({ status }) => status === 1);
  const missing = offeringItems.filter((name) => !present.some((row) => row.name === name));
  const available =
    missing.length === 0 ? [] : await readOffer(acronis, { parent: parentTenantId, kind, field: 'tenant' });
  const kindOf = infraKinds([...available, ...present]);
  const lacking = available.filter((row) => missing.includes(row.name));
  const wanted = [...lacking, ...present.filter((row) => offeringItems.includes(row.name))];
  const held = infraHeld(present, kindOf);
  const offers = infraByKind([...available, ...present], kindOf);
  checkStays(wanted, { infraId, infra }, { kindOf, held, offers });
  if (missing.length === 0) return { result: { items: [], names: offeringItems } };
  if (kind === 'customer') checkEdition(lacking, present);

  const places = { ...infra, ...Object.fromEntries(held) };
  const needed = [...infraByKind(lacking, kindOf).keys()];
  const open = needed.filter((one) => !(one in places));
  const isUnknown = infraId !== undefined && ![...offers.values()].some((ids) => ids.has(infraId));
  const isMeant = infraId !== undefined && open.some((one) => isUnknown || offers.get(one)?.has(infraId));
  const named = Object.fromEntries(Object.entries(places).filter(([one]) => needed.includes(one)));
  const wish = { offeringItems: missing, edition: undefined, quotas: {}, infra: named };
  const { items, problems } = selectItems(available, { ...wish, infraId: isMeant ? infraId : undefined });
  if (problems.length > 0) throw refuse(FailureType.NotOffered, problems.join('; '));
  return { result: { items, names: offeringItems } };
}

type KindOf = (row: OfferingItem) => string;

/** The storage that the tenant has for each kind of data; none for a kind with several storages. */
function infraHeld(present: readonly OfferingItem[], kindOf: KindOf): Map<string, string> {
  const held = [...infraByKind(present, kindOf)].flatMap(([kind, places]) => {
    const [only, ...others] = places;
    return only === undefined || others.length > 0 ? [] : [[kind, only] as const];
  });
  return new Map(held);
}

/** Data is never moved: when the tenant has a storage for a kind of data, the order may not name another. */
function checkStays(
  wanted: readonly OfferingItem[],
  { infraId, infra = {} }: InfraChoice,
  { kindOf, held, offers }: { kindOf: KindOf; held: Map<string, string>; offers: Map<string, Set<string>> },
): void {
  const kinds = [...infraByKind(wanted, kindOf).keys()];
  const ofInfraId = kinds.filter((kind) => infraId !== undefined && offers.get(kind)?.has(infraId));
  // an id that nobody offers is compared with the storages that the tenant has
  const meant = ofInfraId.length > 0 ? ofInfraId : kinds.every((kind) => held.has(kind)) ? kinds : [];
  const named = [
    ...(infraId === undefined ? [] : meant.map((kind) => ['infraId', kind, infraId] as const)),
    ...kinds.flatMap((kind) => (infra[kind] === undefined ? [] : [[`infra.${kind}`, kind, infra[kind]] as const])),
  ];
  const unknown = Object.keys(infra).find((kind) => !kinds.includes(kind));
  if (unknown !== undefined)
    throw refuse(FailureType.Rejected, `infra.${unknown}: no ordered item keeps data of this kind; leave it out`);
  for (const [field, kind, place] of named) {
    const present = held.get(kind);
    if (present !== undefined && present !== place)
      throw refuse(
        FailureType.Rejected,
        `${field}: the ${kind} data of this tenant lies on ${present} already; name that place, or none`,
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

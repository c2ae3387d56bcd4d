import { isAcronisError, type Acronis, type EditionTarget, type OfferingItem } from '../acronis/index.js';
import { isRoot, lookup, type LookUpScope } from './lookup.js';

interface EditionsFilter {
  /** Includes the warnings about a switch to each edition. */
  check?: boolean;
}

async function* list(scope: LookUpScope, { check = false }: EditionsFilter) {
  const { acronis, tenant } = scope;
  const [catalogue, items, offered] = await Promise.all([
    acronis.applications.list(),
    acronis.offeringItems.list(tenant.id),
    readOffered(scope),
  ]);
  const types = new Map(catalogue.map(({ id, type }) => [id, type]));
  for (const count of countByEdition(items, offered ?? []))
    yield {
      ...count,
      application: types.get(count.applicationId) ?? count.applicationId,
      isOfferKnown: offered !== undefined,
      warnings: check && count.itemsOn === 0 ? await readWarnings(acronis, tenant.id, count) : null,
    };
}

/** The editions that the tenant has or its parent offers; with `check`, the warnings of a dry run of each switch. */
export const editions = lookup(list, {
  application: ({ application }) => application,
  edition: ({ edition }) => edition,
  itemsOn: ({ itemsOn }) => itemsOn,
  /** Items that the parent offers; null for our root, because we cannot read its parent. */
  itemsOffered: ({ itemsOffered, isOfferKnown }) => (isOfferKnown ? itemsOffered : null),
  /** The vendor's warnings about a switch to it; null if not requested, or if the tenant already has it. */
  warnings: ({ warnings }) => warnings,
});

interface Count extends EditionTarget {
  itemsOn: number;
  itemsOffered: number;
}

/**
 * Counts the items of each edition that the tenant has switched on, and could have. Items without an edition are
 * ignored.
 */
function countByEdition(items: readonly OfferingItem[], offered: readonly OfferingItem[]): Count[] {
  const counts = new Map<string, Count>();
  const countOf = ({ application_id: applicationId, edition }: OfferingItem & { edition: string }) => {
    const key = `${applicationId} ${edition}`;
    const count = counts.get(key) ?? { applicationId, edition, itemsOn: 0, itemsOffered: 0 };
    counts.set(key, count);
    return count;
  };
  for (const item of items) if (item.status === 1 && hasEdition(item)) countOf(item).itemsOn += 1;
  for (const item of offered) if (hasEdition(item)) countOf(item).itemsOffered += 1;
  return [...counts.values()].sort((a, b) => a.edition.localeCompare(b.edition));
}

function hasEdition(item: OfferingItem): item is OfferingItem & { edition: string } {
  return item.edition !== null;
}

async function readOffered(scope: LookUpScope): Promise<OfferingItem[] | undefined> {
  const { acronis, tenant } = scope;
  if (await isRoot(scope)) return undefined;
  return acronis.offeringItems.availableForChild(tenant.parent_id, { kind: tenant.kind });
}

async function readWarnings({ editions }: Acronis, tenantId: string, target: EditionTarget): Promise<string[]> {
  try {
    return await editions.check(tenantId, target);
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'rejected') throw error;
    return [`impossible: ${error.facts.reason ?? error.message}`];
  }
}

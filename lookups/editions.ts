import { isAcronisError, type Acronis, type EditionTarget, type OfferingItem } from '../acronis/index.js';
import { isRoot, type Lookup, type Scope } from './lookup.js';

/** An edition of a service: how much of it the tenant has and could have. */
export interface EditionRow {
  application: string;
  edition: string;
  itemsOn: number;
  /** Of the parent; null for our root, whose parent we cannot ask. */
  itemsOffered: number | null;
  /** What the vendor warns of before a switch to it; null where that was not asked or there is nothing to switch. */
  warnings: readonly string[] | null;
}

export interface EditionsFilter {
  /** With the warnings before a switch to each. */
  check?: boolean;
}

/** The editions that the tenant has or its parent offers; with `check`, what a switch to each would mean, at a dry run each. */
export const editions: Lookup<EditionsFilter, EditionRow> = {
  fields: ['application', 'edition', 'itemsOn', 'itemsOffered', 'warnings'],
  async *find(scope, { check = false }) {
    const { acronis, tenant } = scope;
    const [catalogue, items, offered] = await Promise.all([
      acronis.applications.list(),
      acronis.offeringItems.list(tenant.id),
      offeredTo(scope),
    ]);
    const types = new Map(catalogue.map(({ id, type }) => [id, type]));
    for (const { applicationId, edition, itemsOn, itemsOffered } of counted(items, offered ?? []))
      yield {
        application: types.get(applicationId) ?? applicationId,
        edition,
        itemsOn,
        itemsOffered: offered === undefined ? null : itemsOffered,
        warnings: check && itemsOn === 0 ? await warningsOf(acronis, tenant.id, { applicationId, edition }) : null,
      };
  },
};

interface Count extends EditionTarget {
  itemsOn: number;
  itemsOffered: number;
}

/** How many items of each edition the tenant has switched on, and could have; editions of which there are none are left out. */
function counted(items: readonly OfferingItem[], offered: readonly OfferingItem[]): Count[] {
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

async function offeredTo(scope: Scope): Promise<OfferingItem[] | undefined> {
  const { acronis, tenant } = scope;
  if (await isRoot(scope)) return undefined;
  return acronis.offeringItems.availableForChild(tenant.parent_id, { kind: tenant.kind });
}

async function warningsOf({ editions }: Acronis, tenantId: string, target: EditionTarget): Promise<string[]> {
  try {
    return await editions.check(tenantId, target);
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'rejected') throw error;
    return [`impossible: ${error.facts.reason ?? error.message}`];
  }
}

import type { OfferingItem } from '../acronis/index.js';
import { lookup, type LookUpScope } from './lookup.js';

interface ItemsFilter {
  edition?: string;
  /** Only items that are on. */
  on?: boolean;
  /** Instead: the items that the tenant could give to a child of this kind. */
  offeredTo?: string;
}

async function* list(
  { acronis, tenant }: LookUpScope,
  { edition, on = false, offeredTo }: ItemsFilter,
): AsyncGenerator<OfferingItem> {
  const found =
    offeredTo === undefined
      ? await acronis.offeringItems.list(tenant.id, { edition })
      : await acronis.offeringItems.availableForChild(tenant.id, { kind: offeredTo, edition });
  for (const item of found) if (!on || item.status === 1) yield item;
}

/** The offering items of the tenant, on or off; or those that it could give to a child. */
export const items = lookup(list, {
  name: ({ name }) => name,
  edition: ({ edition }) => edition,
  usageName: ({ usage_name }) => usage_name,
  type: ({ type }) => type,
  on: ({ status }) => status === 1,
  unit: ({ measurement_unit }) => measurement_unit,
  /** Null: unlimited. */
  limit: ({ quota }) => quota?.value ?? null,
  /** Null: the limit only warns. */
  overage: ({ quota }) => quota?.overage ?? null,
  locked: ({ locked }) => locked,
  infraId: ({ infra_id }) => infra_id,
  applicationId: ({ application_id }) => application_id,
});

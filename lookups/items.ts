import type { OfferingItem } from '../acronis/index.js';
import type { Lookup } from './lookup.js';

/** An offering item of a tenant, on or off. */
export interface ItemRow {
  name: string;
  edition: string | null;
  usageName: string | null;
  type: string | null;
  on: boolean;
  unit: string | null;
  /** Null: unlimited. */
  limit: number | null;
  /** Null: the limit only warns. */
  overage: number | null;
  locked: boolean;
  infraId: string | null;
  applicationId: string;
}

export interface ItemsFilter {
  edition?: string;
  /** Only items that are on. */
  on?: boolean;
  /** Instead: the items that the tenant could give to a child of this kind. */
  offeredTo?: string;
}

/** The offering items of the tenant, or those that it could give to a child. */
export const items: Lookup<ItemsFilter, ItemRow> = {
  fields: [
    'name',
    'edition',
    'usageName',
    'type',
    'on',
    'unit',
    'limit',
    'overage',
    'locked',
    'infraId',
    'applicationId',
  ],
  async *find({ acronis, tenant }, { edition, on = false, offeredTo }) {
    const found =
      offeredTo === undefined
        ? await acronis.offeringItems.list(tenant.id, { edition })
        : await acronis.offeringItems.availableForChild(tenant.id, { kind: offeredTo, edition });
    for (const item of found) if (!on || item.status === 1) yield toRow(item);
  },
};

function toRow(item: OfferingItem): ItemRow {
  return {
    name: item.name,
    edition: item.edition,
    usageName: item.usage_name,
    type: item.type,
    on: item.status === 1,
    unit: item.measurement_unit,
    limit: item.quota?.value ?? null,
    overage: item.quota?.overage ?? null,
    locked: item.locked,
    infraId: item.infra_id,
    applicationId: item.application_id,
  };
}

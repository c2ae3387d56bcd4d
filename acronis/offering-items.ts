import { z } from 'zod';
import type { Http } from './http.js';
import { allPages } from './paging.js';
import { absent, anyId, decisive, flag, guid } from './shapes.js';
import { agrees, shown } from './shown.js';

/** Without it the cloud lists only items of the legacy standard edition and those of none. */
const ALL_EDITIONS = '*';

/** How a quota is told. */
export const quotaShape = z.object({
  /** Bytes, pieces or seconds, as `measurement_unit` says; null: unlimited. */
  value: decisive(z.number()),
  /** Null: `value` only warns. A number: nothing goes beyond `value` plus this. */
  overage: decisive(z.number()),
  version: decisive(z.number()).transform((version) => version ?? 0),
});

const itemShape = z.object({
  application_id: guid,
  name: z.string(),
  edition: decisive(z.string()),
  usage_name: absent(z.string()),
  type: decisive(z.string()),
  /** 1 on, 0 off. */
  status: z.number(),
  locked: flag,
  infra_id: decisive(anyId),
  measurement_unit: absent(z.string()),
  /** Absent for items that are off or have none. */
  quota: decisive(quotaShape),
});

/** How much of an item a tenant may use. */
export type Quota = z.output<typeof quotaShape>;

/** Something a tenant has, or could have. */
export type OfferingItem = z.output<typeof itemShape>;

/** Switches an item on or off, or changes its quota. The other keys of a whole OfferingItem are not sent. */
export interface OfferingItemChange {
  application_id: string;
  name: string;
  /** Required for storages and disaster recovery. */
  infra_id?: string | null | undefined;
  /** 1 on, 0 off; on when left out. */
  status?: number | undefined;
  /** Left as it is when left out. Its version must be the current one. */
  quota?: Quota | null | undefined;
}

/** @see https://developer.acronis.com/doc/account-management/v2/guide/ (offering items) */
export interface OfferingItems {
  /** What the parent could give to a child of that kind; of all editions unless one is named. Safe to repeat. */
  availableForChild(parentId: string, options: { kind: string; edition?: string | undefined }): Promise<OfferingItem[]>;
  /** The items of a tenant, on or off; of all editions unless one is named. Safe to repeat. */
  list(tenantId: string, options?: { edition?: string | undefined }): Promise<OfferingItem[]>;
  /**
   * Changes the listed items and no others; answers with them. Fails with `conflict` when a quota's version is stale.
   * Safe to repeat without quotas; with quotas a repeat is a `conflict`.
   */
  put(tenantId: string, items: readonly OfferingItemChange[]): Promise<OfferingItem[]>;
}

/** The calls on offering items. */
export function createOfferingItems(http: Http): OfferingItems {
  return {
    availableForChild: async (id, { kind, edition = ALL_EDITIONS }) => {
      const route = 'GET /tenants/{id}/offering_items/available_for_child';
      const query = { kind, edition };
      return allPages(http, { operation: 'offeringItems.availableForChild', route, id, query }, itemShape);
    },
    list: async (id, { edition = ALL_EDITIONS } = {}) => {
      const call = { operation: 'offeringItems.list', route: 'GET /tenants/{id}/offering_items', id };
      return allPages(http, { ...call, query: { edition } }, itemShape);
    },
    async put(id, items) {
      const call = { operation: 'offeringItems.put', route: 'PUT /tenants/{id}/offering_items', id };
      const json = { offering_items: items.map((item) => change(item)) };
      const rows = (await http.read({ ...call, json }, z.object({ items: z.array(itemShape) }))).items;
      return shown(
        call,
        rows,
        items.every((item) => isIn(item, rows)),
      );
    },
  };
}

/** What was switched off may be left out of the answer, and so may all quotas. */
function isIn(
  { application_id, name, infra_id, status = 1, quota }: OfferingItemChange,
  rows: OfferingItem[],
): boolean {
  const own = rows.filter(
    (row) => row.application_id === application_id && row.name === name && agrees(infra_id, row.infra_id),
  );
  if (own.length === 0) return status === 0;
  const tellsQuotas = rows.some((row) => row.quota !== null);
  return own.some((row) => row.status === status && (!quota || !tellsQuotas || isLimited(quota, row.quota)));
}

/** None, where others are told, is unlimited. An overage that was not sent is the cloud's own matter. */
function isLimited(sent: Quota, said: Quota | null): boolean {
  return sent.value === (said?.value ?? null) && (sent.overage === null || sent.overage === said?.overage);
}

function change({ application_id, name, infra_id, status, quota }: OfferingItemChange): object {
  return {
    application_id,
    name,
    ...(typeof infra_id === 'string' ? { infra_id } : {}),
    ...(status === undefined ? {} : { status }),
    ...(quota ? { quota: { value: quota.value, overage: quota.overage, version: quota.version } } : {}),
  };
}

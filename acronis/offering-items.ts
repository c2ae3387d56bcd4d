import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { allPages } from './paging.js';
import { optional, anyId, decisive, flag, guid, time } from './shapes.js';
import { isConsistent, isSameTenant, confirmChange, confirmRows } from './confirmation.js';

/** Without it the cloud lists only items of the legacy standard edition and items without an edition. */
const ALL_EDITIONS = '*';

/** A quota, as the cloud returns it. */
export const quotaShape = z.object({
  /** Bytes, pieces or seconds, as `measurement_unit` says; null: unlimited. */
  value: decisive(z.number()),
  /** Null: exceeding `value` only causes a warning. A number: usage stops at `value` plus this. */
  overage: decisive(z.number()),
  version: decisive(z.number()).transform((version) => version ?? 0),
});

const itemShape = z.object({
  application_id: guid,
  name: z.string(),
  edition: decisive(z.string()),
  usage_name: optional(z.string()),
  type: decisive(z.string()),
  /** 1 on, 0 off. */
  status: z.number(),
  locked: flag,
  infra_id: decisive(anyId),
  measurement_unit: optional(z.string()),
  /** Absent for items that are off or have none. */
  quota: decisive(quotaShape),
  updated_at: optional(time),
});

/** With the tenant that has it. */
const ownedItemShape = itemShape.extend({ tenant_id: optional(anyId) });

/** How much of an item a tenant may use. */
export type Quota = z.output<typeof quotaShape>;

/** A service or resource that a tenant has or could have. */
export type OfferingItem = z.output<typeof itemShape>;

/** Switches an item on or off, or changes its quota. The other fields of an OfferingItem are not sent. */
export interface OfferingItemChange {
  application_id: string;
  name: string;
  /** Required for storages and disaster recovery. */
  infra_id?: string | null | undefined;
  /** 1 on, 0 off; on when left out. */
  status?: number | undefined;
  /** Unchanged when left out. Its version must be the current one. */
  quota?: Quota | null | undefined;
}

/**
 * The calls for offering items.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (offering items)
 */
export function createOfferingItems(http: HttpClient) {
  return {
    // the tenant in these rows is not compared: whether it is the parent or the child is not documented
    /**
     * The items that a parent could give to a child of that kind; of all editions unless one is named. Safe to repeat.
     */
    availableForChild: async (
      id: string,
      { kind, edition = ALL_EDITIONS }: { kind: string; edition?: string | undefined },
    ): Promise<OfferingItem[]> => {
      const route = 'GET /tenants/{id}/offering_items/available_for_child';
      const query = { kind, edition };
      return allPages(http, { operation: 'offeringItems.availableForChild', route, id, query }, itemShape);
    },
    /** The items of a tenant, on or off; of all editions unless one is named. Safe to repeat. */
    list: async (
      id: string,
      { edition = ALL_EDITIONS }: { edition?: string | undefined } = {},
    ): Promise<OfferingItem[]> => {
      const call = { operation: 'offeringItems.list', route: 'GET /tenants/{id}/offering_items', id };
      return (await allPages(http, { ...call, query: { edition } }, ownedItemShape, isOf(id))).map(withoutOwner);
    },
    /**
     * Changes only the listed items and returns them. With `checkUsage` the cloud refuses to switch off what is in use.
     * Fails with `conflict` when a quota's version is stale. Safe to repeat without quotas; with quotas a repeat is a
     * `conflict`.
     */
    async put(
      id: string,
      items: readonly OfferingItemChange[],
      { checkUsage = false }: { checkUsage?: boolean } = {},
    ): Promise<OfferingItem[]> {
      const call = { operation: 'offeringItems.put', route: 'PUT /tenants/{id}/offering_items', id };
      const json = { offering_items: items.map((item) => toChange(item)), ...(checkUsage && { check_usage: true }) };
      const answered = (await http.read({ ...call, json }, z.object({ items: z.array(ownedItemShape) }))).items;
      const rows = confirmRows(call, answered, isOf(id)).map(withoutOwner);
      return confirmChange(
        call,
        rows,
        items.every((item) => showsChange(item, rows)),
      );
    },
  };
}

type OwnedItem = z.output<typeof ownedItemShape>;

function isOf(tenantId: string) {
  return ({ tenant_id }: OwnedItem) => ({ tenant_id: isSameTenant(tenantId, tenant_id) });
}

function withoutOwner({ tenant_id: _tenant, ...item }: OwnedItem): OfferingItem {
  return item;
}

/** The answer may leave out items that were switched off, and all quotas. */
function showsChange(
  { application_id, name, infra_id, status = 1, quota }: OfferingItemChange,
  rows: OfferingItem[],
): boolean {
  const same = rows.filter(
    (row) => row.application_id === application_id && row.name === name && isConsistent(infra_id, row.infra_id),
  );
  if (same.length === 0) return status === 0;
  const hasQuotas = rows.some((row) => row.quota !== null);
  return same.some((row) => row.status === status && (!quota || !hasQuotas || isSameQuota(quota, row.quota)));
}

/** If other rows have quotas, a row without one is unlimited. An overage that was not sent is the cloud's choice. */
function isSameQuota(sent: Quota, answered: Quota | null): boolean {
  return sent.value === (answered?.value ?? null) && (sent.overage === null || sent.overage === answered?.overage);
}

function toChange({ application_id, name, infra_id, status, quota }: OfferingItemChange): object {
  return {
    application_id,
    name,
    ...(typeof infra_id === 'string' ? { infra_id } : {}),
    ...(status === undefined ? {} : { status }),
    ...(quota ? { quota: { value: quota.value, overage: quota.overage, version: quota.version } } : {}),
  };
}

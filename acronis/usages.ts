import { z } from 'zod';
import { isSameText } from './confirmation.js';
import type { HttpClient } from './http-client.js';
import { quotaShape } from './offering-items.js';
import { allPages, pages } from './paging.js';
import { optional, anyId, guid, decisiveListOf } from './shapes.js';

const IDS_PER_CALL = 100;

const usageShape = z.object({
  application_id: optional(anyId),
  name: z.string(),
  usage_name: z.string(),
  edition: optional(z.string()),
  type: optional(z.string()),
  infra_id: optional(anyId),
  measurement_unit: optional(z.string()),
  /** Since `range_start`, the beginning of the billing month. */
  value: z.number(),
  /** In total. */
  absolute_value: z.number(),
  range_start: optional(z.string()),
  /** The quota that applies, if the vendor returns it. */
  offering_item: optional(z.object({ quota: optional(quotaShape) })),
});
/** With the tenant that uses it. */
const ownedUsageShape = usageShape.extend({ tenant_uuid: optional(anyId) });
const ownedUsagesShape = z.object({ tenant: guid, usages: decisiveListOf(ownedUsageShape) });

/** How much of an offering item a tenant uses. Refreshed about every half hour; not for billing. */
export type Usage = z.output<typeof usageShape>;

/** The usage of one tenant. */
export interface TenantUsages {
  tenant: string;
  usages: Usage[];
}

/**
 * The calls for usage.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (usages)
 */
export function createUsages(http: HttpClient) {
  return {
    /** The current usage of the tenant. Safe to repeat. */
    list: async (id: string): Promise<Usage[]> => {
      const call = { operation: 'usages.list', route: 'GET /tenants/{id}/usages', id };
      return (await allPages(http, call, ownedUsageShape, isOf(id))).map(withoutOwner);
    },
    /** The current usage of each tenant, requested 100 tenants at a time. Safe to repeat. */
    async *ofTenants(ids: readonly string[]): AsyncIterable<TenantUsages> {
      for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
        const asked = ids.slice(start, start + IDS_PER_CALL);
        const query = { tenants: asked.join(',') };
        const call = { operation: 'usages.ofTenants', route: 'GET /tenants/usages', query };
        const compare = ({ tenant, usages }: z.output<typeof ownedUsagesShape>) => ({
          tenant: asked.some((id) => isSameText(id, tenant)),
          tenant_uuid: usages.every((usage) => isOf(tenant)(usage).tenant_uuid),
        });
        for await (const { tenant, usages } of pages(http, call, ownedUsagesShape, { compare }))
          yield { tenant, usages: usages.map(withoutOwner) };
      }
    },
  };
}

type OwnedUsage = z.output<typeof ownedUsageShape>;

function isOf(tenantId: string) {
  return ({ tenant_uuid }: OwnedUsage) => ({ tenant_uuid: isSameText(tenantId, tenant_uuid) });
}

function withoutOwner({ tenant_uuid: _tenant, ...usage }: OwnedUsage): Usage {
  return usage;
}

import { z } from 'zod';
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
const tenantUsagesShape = z.object({ tenant: guid, usages: decisiveListOf(usageShape) });

/** How much of an offering item a tenant uses. Refreshed about every half hour; not for billing. */
export type Usage = z.output<typeof usageShape>;

/** The usage of one tenant. */
export type TenantUsages = z.output<typeof tenantUsagesShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (usages) */
export interface Usages {
  /** The current usage of the tenant. Safe to repeat. */
  list(tenantId: string): Promise<Usage[]>;
  /** The current usage of each tenant, requested 100 tenants at a time. Safe to repeat. */
  ofTenants(tenantIds: readonly string[]): AsyncIterable<TenantUsages>;
}

/** The calls for usage. */
export function createUsages(http: HttpClient): Usages {
  return {
    list: async (id) => {
      const call = { operation: 'usages.list', route: 'GET /tenants/{id}/usages', id };
      return allPages(http, call, usageShape);
    },
    async *ofTenants(ids) {
      for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
        const tenants = ids.slice(start, start + IDS_PER_CALL).join(',');
        const call = { operation: 'usages.ofTenants', route: 'GET /tenants/usages', query: { tenants } };
        yield* pages(http, call, tenantUsagesShape);
      }
    },
  };
}

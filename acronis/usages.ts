import { z } from 'zod';
import type { Http } from './http.js';
import { quotaShape } from './offering-items.js';
import { allPages, pages } from './paging.js';
import { absent, anyId, guid, wholeListOf } from './shapes.js';

const IDS_PER_CALL = 100;

const usageShape = z.object({
  application_id: absent(anyId),
  name: z.string(),
  usage_name: z.string(),
  edition: absent(z.string()),
  type: absent(z.string()),
  infra_id: absent(anyId),
  measurement_unit: absent(z.string()),
  /** Since `range_start`, the beginning of the billing month. */
  value: z.number(),
  /** In all. */
  absolute_value: z.number(),
  range_start: absent(z.string()),
  /** The quota under which it is used, where the vendor tells it. */
  offering_item: absent(z.object({ quota: absent(quotaShape) })),
});
const ofTenantShape = z.object({ tenant: guid, usages: wholeListOf(usageShape) });

/** How much of an offering item a tenant uses. Refreshed about every half hour; not for billing. */
export type Usage = z.output<typeof usageShape>;

/** What one tenant uses. */
export type TenantUsages = z.output<typeof ofTenantShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (usages) */
export interface Usages {
  /** What the tenant uses at present. Safe to repeat. */
  list(tenantId: string): Promise<Usage[]>;
  /** What each of the tenants uses at present; they are asked for 100 at a time. Safe to repeat. */
  ofTenants(tenantIds: readonly string[]): AsyncIterable<TenantUsages>;
}

/** The calls on usages. */
export function createUsages(http: Http): Usages {
  return {
    list: async (id) => {
      const call = { operation: 'usages.list', route: 'GET /tenants/{id}/usages', id };
      return allPages(http, call, usageShape);
    },
    async *ofTenants(ids) {
      for (let start = 0; start < ids.length; start += IDS_PER_CALL) {
        const tenants = ids.slice(start, start + IDS_PER_CALL).join(',');
        const call = { operation: 'usages.ofTenants', route: 'GET /tenants/usages', query: { tenants } };
        yield* pages(http, call, ofTenantShape);
      }
    },
  };
}

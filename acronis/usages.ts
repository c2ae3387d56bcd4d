import { z } from 'zod';
import type { Http } from './http.js';

const usageShape = z.object({
  application_id: z.string().nullable().default(null),
  name: z.string(),
  usage_name: z.string(),
  edition: z.string().nullable().default(null),
  type: z.string().nullable().default(null),
  infra_id: z.string().nullable().default(null),
  measurement_unit: z.string().nullable().default(null),
  /** Since `range_start`, the beginning of the billing month. */
  value: z.number(),
  /** In all. */
  absolute_value: z.number(),
  range_start: z.string().nullable().default(null),
});
const usagesShape = z.object({ items: z.array(usageShape) });

/** How much of an offering item a tenant uses. Refreshed about every half hour; not for billing. */
export type Usage = z.output<typeof usageShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (usages) */
export interface Usages {
  /** What the tenant uses at present. Safe to repeat. */
  list(tenantId: string): Promise<Usage[]>;
}

/** The calls on usages. */
export function createUsages(http: Http): Usages {
  return {
    list: async (id) => {
      const call = { operation: 'usages.list', route: 'GET /tenants/{id}/usages', id };
      return (await http.read(call, usagesShape)).items;
    },
  };
}

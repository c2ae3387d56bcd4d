import { z } from 'zod';
import type { Http } from './http.js';
import { absent } from './shapes.js';
import { agrees, shown } from './shown.js';

const modes = ['trial', 'production', 'suspended'];

const pricingShape = z.object({
  /** `trial`, `production`, `suspended`, or what the vendor thinks of later. */
  mode: z.string(),
  /** Three letters, or null while none is chosen. */
  currency: absent(z.string()),
  /** While in trial, when it ends. */
  production_start_date: absent(z.string()),
  /** A timestamp in milliseconds, which serves as version. */
  version: z.number(),
});

/** How a tenant is charged. */
export type Pricing = z.output<typeof pricingShape>;

/** A change to the pricing. `production` can never be taken back. */
export interface PricingChange {
  version: number;
  mode?: 'trial' | 'production' | 'suspended' | undefined;
  currency?: string | null | undefined;
}

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (pricing) */
export interface PricingCalls {
  /** The tenant's present pricing. Safe to repeat. */
  get(tenantId: string): Promise<Pricing>;
  /** Changes mode or currency. Fails with `conflict` when `version` is stale. After a lost answer: get, compare. */
  put(tenantId: string, change: PricingChange): Promise<Pricing>;
}

/** The calls on pricing. */
export function createPricing(http: Http): PricingCalls {
  return {
    get: async (id) => http.read({ operation: 'pricing.get', route: 'GET /tenants/{id}/pricing', id }, pricingShape),
    put: async (id, change) => {
      const call = { operation: 'pricing.put', route: 'PUT /tenants/{id}/pricing', id };
      const pricing = await http.read({ ...call, json: change }, pricingShape);
      const isMode = !modes.includes(pricing.mode) || agrees(change.mode, pricing.mode);
      return shown(call, pricing, isMode && agrees(change.currency, pricing.currency));
    },
  };
}

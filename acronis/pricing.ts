import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { optional } from './shapes.js';
import { isConsistent, confirmChange } from './confirmation.js';

const modes = ['trial', 'production', 'suspended'];

const pricingShape = z.object({
  /** `trial`, `production`, `suspended`, or a mode that the vendor adds later. */
  mode: z.string(),
  /** Three letters; null if none is chosen yet. */
  currency: optional(z.string()),
  /** During the trial: when it ends. */
  production_start_date: optional(z.string()),
  /** A timestamp in milliseconds that serves as version. */
  version: z.number(),
});

/** How a tenant is charged. */
export type Pricing = z.output<typeof pricingShape>;

/** A change to the pricing. `production` cannot be undone. */
export interface PricingChange {
  version: number;
  mode?: 'trial' | 'production' | 'suspended' | undefined;
  currency?: string | null | undefined;
}

/**
 * The calls for pricing.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (pricing)
 */
export function createPricing(http: HttpClient) {
  return {
    /** The tenant's current pricing. Safe to repeat. */
    get: async (id: string): Promise<Pricing> =>
      http.read({ operation: 'pricing.get', route: 'GET /tenants/{id}/pricing', id }, pricingShape),
    /** Changes mode or currency. Fails with `conflict` when `version` is stale. After a lost answer, read and compare. */
    put: async (id: string, change: PricingChange): Promise<Pricing> => {
      const call = { operation: 'pricing.put', route: 'PUT /tenants/{id}/pricing', id };
      const pricing = await http.read({ ...call, json: change }, pricingShape);
      const isMode = !modes.includes(pricing.mode) || isConsistent(change.mode, pricing.mode);
      return confirmChange(call, pricing, isMode && isConsistent(change.currency, pricing.currency));
    },
  };
}

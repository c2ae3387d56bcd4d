import { z } from 'zod';
import type { Http } from './http.js';
import { absent } from './shapes.js';
import { shown } from './shown.js';

const statusShape = z.object({
  /** `enabled`, `disabled`, or `disable_in_progress` while disabling runs in the background. */
  mfa_status: z.string(),
  users_count: absent(z.number()),
  users_with_totp_enabled_count: absent(z.number()),
  update_allowed: absent(z.boolean()),
});

/** Whether a tenant demands a second factor, and how many users have one. */
export type TwoFactorStatus = z.output<typeof statusShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (mfa) */
export interface TwoFactor {
  /** The tenant's present status. Safe to repeat. */
  get(tenantId: string): Promise<TwoFactorStatus>;
  /** Demands a second factor of all users, or no longer. Fails with `rejected` for folders and units. Safe to repeat. */
  set(tenantId: string, enabled: boolean): Promise<TwoFactorStatus>;
}

/** The calls on the second factor. */
export function createTwoFactor(http: Http): TwoFactor {
  return {
    get: async (id) =>
      http.read({ operation: 'twoFactor.get', route: 'GET /tenants/{id}/mfa/status', id }, statusShape),
    set: async (id, enabled) => {
      const call = { operation: 'twoFactor.set', route: 'PUT /tenants/{id}/mfa/status', id };
      const status = await http.read({ ...call, json: { enabled } }, statusShape);
      // the vendor names `disable_in_progress`; what it may name later of enabling begins so too
      const isMeant = enabled ? status.mfa_status.startsWith('enabl') : status.mfa_status !== 'enabled';
      return shown(call, status, isMeant);
    },
  };
}

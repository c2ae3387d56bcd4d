import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { optional } from './shapes.js';
import { confirmChange } from './confirmation.js';

const statusShape = z.object({
  /** `enabled`, `disabled`, or `disable_in_progress` while disabling runs in the background. */
  mfa_status: z.string(),
  users_count: optional(z.number()),
  users_with_totp_enabled_count: optional(z.number()),
  update_allowed: optional(z.boolean()),
});

/** Whether a tenant requires a second factor, and how many users have one. */
export type TwoFactorStatus = z.output<typeof statusShape>;

/**
 * The calls for two-factor authentication.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (mfa)
 */
export function createTwoFactor(http: HttpClient) {
  return {
    /** The tenant's current status. Safe to repeat. */
    get: async (id: string): Promise<TwoFactorStatus> =>
      http.read({ operation: 'twoFactor.get', route: 'GET /tenants/{id}/mfa/status', id }, statusShape),
    /**
     * Requires a second factor of all users, or stops requiring it. Fails with `rejected` for folders and units. Safe to
     * repeat.
     */
    set: async (id: string, enabled: boolean): Promise<TwoFactorStatus> => {
      const call = { operation: 'twoFactor.set', route: 'PUT /tenants/{id}/mfa/status', id };
      const status = await http.read({ ...call, json: { enabled } }, statusShape);
      // the vendor has `disable_in_progress`; a later status for enabling should begin with `enabl` too
      const isConfirmed = enabled ? status.mfa_status.startsWith('enabl') : status.mfa_status !== 'enabled';
      return confirmChange(call, status, isConfirmed);
    },
  };
}

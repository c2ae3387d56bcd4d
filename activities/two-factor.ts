import { activity, activityKind } from './activity.js';
import type { ActivityDependencies, TenantSpec } from './attempt.js';

interface TwoFactorSpec extends TenantSpec {
  /** True when an earlier run may have done it already. */
  look: boolean;
}

export function createTwoFactorActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Requires two-factor authentication in the tenant. Fails with `Acronis.Unreadable` when the cloud answers that it
     * is off or being switched off. Safe to repeat: the call names the final state.
     */
    requireTwoFactor: activity(
      dependencies,
      activityKind.change,
      async ({ tenantId, look }: TwoFactorSpec, { acronis }) => {
        const required = look && (await acronis.twoFactor.get(tenantId)).mfa_status === 'enabled';
        if (required) return { result: null, adopted: true };
        await acronis.twoFactor.set(tenantId, true);
        return { result: null };
      },
    ),
  };
}

import { activity, patience, type ActivityDependencies } from './attempt.js';

interface TwoFactorSpec {
  cloud: string;
  tenantId: string;
  /** True when an earlier run may have done it already. */
  look: boolean;
}

export function createTwoFactorActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Makes two-factor authentication a duty in the tenant. Fails with `Acronis.Unreadable` when the cloud answers that it is off, or on the way
     * there. Safe to repeat: the call states the end state.
     */
    requireTwoFactor: activity(
      dependencies,
      patience.change,
      async ({ tenantId, look }: TwoFactorSpec, { acronis }) => {
        const required = look && (await acronis.twoFactor.get(tenantId)).mfa_status === 'enabled';
        if (required) return { result: null, adopted: true };
        await acronis.twoFactor.set(tenantId, true);
        return { result: null };
      },
    ),
  };
}

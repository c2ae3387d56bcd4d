import { activity, patience, type ActivityDependencies } from './attempt.js';

export function createTwoFactorActivities(dependencies: ActivityDependencies) {
  return {
    /** Makes two-factor authentication a duty in the tenant. Safe to repeat: the call states the end state. */
    requireTwoFactor: activity(
      dependencies,
      patience.change,
      async ({ tenantId }: { cloud: string; tenantId: string }, { acronis }) => {
        await acronis.twoFactor.set(tenantId, true);
        return { result: null };
      },
    ),
  };
}

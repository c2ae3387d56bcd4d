import { activity, patience, type ActivityDependencies } from './attempt.js';

export function createPricingActivities(dependencies: ActivityDependencies) {
  return {
    /** Ends the trial for good. Safe to repeat: looks first, and a tenant in production is left alone. */
    switchToProduction: activity(
      dependencies,
      patience.change,
      async ({ tenantId }: { cloud: string; tenantId: string }, { acronis, first }) => {
        const { mode, version, currency } = await acronis.pricing.get(tenantId);
        if (mode === 'production') return { result: null, adopted: true, changed: !first };
        await acronis.pricing.put(tenantId, { mode: 'production', version, currency });
        return { result: null };
      },
    ),
  };
}

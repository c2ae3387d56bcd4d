import type { Pricing } from '../acronis/index.js';
import type { UndoOutcome } from '../contract/steps.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';

interface Place {
  cloud: string;
  tenantId: string;
}

/** How a tenant is billed. */
export interface Billing {
  mode: Pricing['mode'];
  /** When production begins by itself; only while in trial. */
  trialEnds?: string;
}

export function createPricingActivities(dependencies: ActivityDependencies) {
  return {
    /** Tells how a tenant is billed. Changes nothing. */
    findPricing: activity(dependencies, patience.look, findPricing),
    /** Ends the trial for good. Safe to repeat: looks first, and a tenant in production is left alone. */
    switchToProduction: activity(dependencies, patience.change, switchToProduction),
    /** Names a switch to production that took effect, since nothing takes it back. Changes nothing. */
    accountForProduction: activity(dependencies, patience.undo, accountForProduction),
  };
}

async function findPricing({ tenantId }: Place, { acronis }: Attempt): Promise<Found<Billing>> {
  const { mode, production_start_date: starts } = await acronis.pricing.get(tenantId);
  return { result: { mode, ...(mode === 'trial' && starts !== null ? { trialEnds: starts } : {}) } };
}

async function switchToProduction({ tenantId }: Place, { acronis, unsure }: Attempt): Promise<Found<null>> {
  const { mode, version, currency } = await acronis.pricing.get(tenantId);
  if (mode === 'production') return { result: null, adopted: true, changed: unsure };
  await acronis.pricing.put(tenantId, { mode: 'production', version, currency });
  return { result: null };
}

async function accountForProduction(
  { tenantId }: Place & { unsure: boolean },
  { acronis }: Attempt,
): Promise<Found<UndoOutcome>> {
  const { mode } = await acronis.pricing.get(tenantId);
  const reason = 'it is in production, which cannot be taken back';
  return {
    result: { undone: false, leftovers: mode === 'production' ? [{ kind: 'setting', id: tenantId, reason }] : [] },
  };
}

import type { Pricing } from '../acronis/index.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { leaveAsIs, nothingToUndo, type StepToUndo, type UndoResult } from './undo.js';

/** How a tenant is billed. */
export interface Billing {
  mode: Pricing['mode'];
  /** When production begins by itself; only while in trial. */
  trialEnds?: string;
}

export function createPricingActivities(dependencies: ActivityDependencies) {
  return {
    /** Reads how a tenant is billed. Changes nothing. */
    findPricing: activity.look(dependencies, findPricing),
    /** Ends the trial for good. Safe to repeat: looks first, and leaves a tenant in production alone. */
    switchToProduction: activity.change(dependencies, switchToProduction),
    /** Names a switch to production that took effect, because nothing takes it back. Changes nothing. */
    accountForProduction: activity.undo(dependencies, accountForProduction),
  };
}

async function findPricing({ tenantId }: TenantSpec, { acronis }: Attempt): Promise<Outcome<Billing>> {
  const { mode, production_start_date: starts } = await acronis.pricing.get(tenantId);
  return { result: { mode, ...(mode === 'trial' && starts !== null ? { trialEnds: starts } : {}) } };
}

async function switchToProduction(
  { tenantId }: TenantSpec,
  { acronis, mayHaveActed, memory }: Attempt,
): Promise<Outcome<null>> {
  const { mode, version, currency } = await acronis.pricing.get(tenantId);
  if (mode === 'production')
    return { result: null, adopted: true, changed: mayHaveActed || memory.refusedVersion === true };
  await acronis.pricing.put(tenantId, { mode: 'production', version, currency });
  return { result: null };
}

async function accountForProduction({ tenantId }: TenantSpec & StepToUndo, { acronis }: Attempt): Promise<UndoResult> {
  const { mode } = await acronis.pricing.get(tenantId);
  const reason = 'it is in production, which cannot be taken back';
  return { result: mode === 'production' ? leaveAsIs('setting', tenantId, reason) : nothingToUndo() };
}

import { isAcronisError } from '../acronis/index.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { leaveAsIs, undoOne, type StepToUndo, type UndoResult } from './undo.js';

interface TwoFactorSpec extends TenantSpec {
  /** True when an earlier run may have done it already. */
  look: boolean;
}

interface FormerTwoFactor extends TenantSpec {
  /** False when nobody could look before the step: then the setting stays, and is named. */
  known: boolean;
}

export function createTwoFactorActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Requires two-factor authentication in the tenant. Fails with `Acronis.Unreadable` when the cloud answers that it
     * is off or being switched off. Safe to repeat: the call names the final state.
     */
    requireTwoFactor: activity.change(dependencies, requireTwoFactor),
    /** Reads whether two-factor authentication is required; null where the cloud hides it. Changes nothing. */
    findTwoFactor: activity.look(dependencies, findTwoFactor),
    /** Ends the requirement of two-factor authentication where there was none before. Safe to repeat: looks first. */
    restoreTwoFactor: activity.undo(dependencies, restoreTwoFactor),
  };
}

async function requireTwoFactor({ tenantId, look }: TwoFactorSpec, { acronis }: Attempt): Promise<Outcome<null>> {
  const required = look && (await acronis.twoFactor.get(tenantId)).mfa_status === 'enabled';
  if (required) return { result: null, adopted: true };
  await acronis.twoFactor.set(tenantId, true);
  return { result: null };
}

async function findTwoFactor(
  { tenantId }: TenantSpec,
  { acronis }: Attempt,
): Promise<Outcome<{ duty: boolean } | null>> {
  try {
    return { result: { duty: (await acronis.twoFactor.get(tenantId)).mfa_status === 'enabled' } };
  } catch (error) {
    // the step itself fails with this error, and a person may skip it
    if (isAcronisError(error) && ['forbidden', 'not-found', 'rejected'].includes(error.kind)) return { result: null };
    throw error;
  }
}

async function restoreTwoFactor(
  { tenantId, known }: FormerTwoFactor & StepToUndo,
  attempt: Attempt,
): Promise<UndoResult> {
  const { twoFactor } = attempt.acronis;
  const reason = 'two-factor authentication is required there, and nobody could look whether it was before';
  return await undoOne(attempt, {
    mayBeLate: false,
    find: async () => ((await twoFactor.get(tenantId)).mfa_status === 'enabled' ? true : undefined),
    keep: () => (known ? undefined : leaveAsIs('setting', tenantId, reason)),
    act: async () => void (await twoFactor.set(tenantId, false)),
  });
}

import { isAcronisError } from '../acronis/index.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, StepTries, TenantSpec } from './attempt.js';
import { changeMissing, foundDone, mayBeDone, type Doubtful } from './lost-answers.js';
import { leaveAsIs, PERHAPS_BY_OTHERS, undoOne, type StepToUndo, type UndoResult } from './undo.js';

interface TwoFactorSpec extends TenantSpec, StepTries {
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

async function requireTwoFactor(spec: TwoFactorSpec, attempt: Attempt): Promise<Outcome<Doubtful | null>> {
  const { tenantId, look } = spec;
  const { twoFactor } = attempt.acronis;
  const required = look && (await twoFactor.get(tenantId)).mfa_status === 'enabled';
  if (required) return { result: foundDone(attempt), adopted: true };
  const maybeDone = look && mayBeDone(spec, attempt);
  await changeMissing(attempt, maybeDone, async () => await twoFactor.set(tenantId, true));
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
  { tenantId, known, doubtful }: FormerTwoFactor & StepToUndo,
  attempt: Attempt,
): Promise<UndoResult> {
  const { twoFactor } = attempt.acronis;
  const reason = 'two-factor authentication is required there, and nobody could look whether it was before';
  return await undoOne(attempt, {
    mayBeLate: false,
    find: async () => ((await twoFactor.get(tenantId)).mfa_status === 'enabled' ? true : undefined),
    keep() {
      if (!known) return leaveAsIs('setting', tenantId, reason);
      const byOthers = `two-factor authentication is required there: ${PERHAPS_BY_OTHERS}`;
      return doubtful ? leaveAsIs('setting', tenantId, byOthers) : undefined;
    },
    act: async () => void (await twoFactor.set(tenantId, false)),
  });
}

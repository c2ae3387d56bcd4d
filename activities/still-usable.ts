import { isAcronisError, type Acronis } from '../acronis/index.js';
import { FailureType } from '../workflows/shared/failures.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { checkSwitchedOn } from './switched-on.js';

interface HandedOver {
  cloud: string;
  tenantId: string;
  /** Absent where no user was ordered. */
  userId?: string;
}

/** A look right after a change may miss a thing that is there. */
const TRIES = 3;
const REMEDY = 'give this run up (abort), and order again';

export function createStillUsableActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Makes sure that somebody can still log in to what a run has made or taken over some time ago. Changes nothing. Fails with
     * `Tenantry.SwitchedOff` when the tenant, one above it, or the user is switched off, and with `Acronis.NotFound` when one of them is gone. The
     * user in a tenant that keeps us out cannot be looked at, and is taken for granted.
     */
    checkStillUsable: activity(dependencies, patience.look, checkStillUsable),
  };
}

async function checkStillUsable({ tenantId, userId }: HandedOver, attempt: Attempt): Promise<Found<null>> {
  const { acronis } = attempt;
  const tenant = await unlessGone(attempt, `tenant ${tenantId}`, async () => await acronis.tenants.get(tenantId));
  await checkSwitchedOn(acronis, tenant);
  if (userId !== undefined && tenant.ancestral_access !== false) await checkUser(acronis, userId, attempt);
  return { result: null };
}

async function checkUser(acronis: Acronis, userId: string, attempt: Attempt): Promise<void> {
  const { login, enabled } = await unlessGone(attempt, `user ${userId}`, async () => await acronis.users.get(userId));
  if (!enabled)
    throw refuse(
      FailureType.SwitchedOff,
      `${JSON.stringify(login)} (${userId}) has been switched off meanwhile: let this user log in again in the console, then retry`,
    );
}

async function unlessGone<T extends { deleted_at: string | null }>(
  { earlier }: Attempt,
  what: string,
  read: () => Promise<T>,
): Promise<T> {
  try {
    const there = await read();
    if (there.deleted_at === null) return there;
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'not-found' || earlier < TRIES) throw error;
  }
  throw refuse(FailureType.NotFound, `${what} is gone: somebody has removed it meanwhile. ${REMEDY}`);
}

import { isAcronisError, type Acronis } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { rolesOf } from './access.js';
import { refuse } from './failures.js';
import { isSame } from './item-changes.js';
import type { WantedItem } from './offer.js';
import { checkSwitchedOn } from './switched-on.js';

interface HandedOver {
  cloud: string;
  tenantId: string;
  /** Absent where no user was ordered. */
  userId?: string;
  /** What the user was given there; absent in a task that an older version gave out. */
  role?: string;
  /** What the run has switched on. */
  items?: WantedItem[];
}

/** A look right after a change may miss a thing that is there. */
const TRIES = 3;
const REMEDY = 'give this run up (abort), and order again';

export function createStillUsableActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Makes sure that somebody can still log in to what a run has made or taken over some time ago. Changes nothing. Fails with
     * `Tenantry.SwitchedOff` when the tenant, one above it, or the user is switched off, and with `Acronis.NotFound` when one of them is gone. The
     * user in a tenant that keeps us out cannot be looked at, and is taken for granted. Fails with `Tenantry.Unexpected` when somebody has taken the
     * user's role, or switched off items of the order; quotas may have changed.
     */
    checkStillUsable: activity(dependencies, patience.look, checkStillUsable),
  };
}

async function checkStillUsable(
  { tenantId, userId, role, items = [] }: HandedOver,
  attempt: Attempt,
): Promise<Found<null>> {
  const { acronis } = attempt;
  const tenant = await unlessGone(attempt, `tenant ${tenantId}`, async () => await acronis.tenants.get(tenantId));
  await checkSwitchedOn(acronis, tenant);
  if (userId !== undefined && tenant.ancestral_access !== false) {
    await checkUser(acronis, userId, attempt);
    if (role !== undefined) await checkRole(acronis, { tenantId, userId, role });
  }
  if (items.length > 0) await checkItems(acronis, { tenantId, items });
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

async function checkRole(acronis: Acronis, { tenantId, userId, role }: Record<'tenantId' | 'userId' | 'role', string>) {
  const held = await rolesOf(acronis, userId);
  if (held.some((one) => one.roleId === role && one.tenantId.toLowerCase() === tenantId.toLowerCase())) return;
  const sentence = `somebody has taken the role ${role} from the user ${userId} meanwhile: give it again in the console, then retry`;
  throw refuse(FailureType.Unexpected, sentence);
}

async function checkItems(acronis: Acronis, { tenantId, items }: { tenantId: string; items: readonly WantedItem[] }) {
  const on = (await acronis.offeringItems.list(tenantId)).filter(({ status }) => status === 1);
  const off = items.filter((item) => !on.some((row) => isSame(row, item))).map(({ name }) => name);
  if (off.length === 0) return;
  const names = [...new Set(off)].join(', ');
  const sentence = `somebody has switched ${names} off in the tenant ${tenantId} meanwhile: switch it on again in the console, then retry`;
  throw refuse(FailureType.Unexpected, sentence);
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

import { isNotFound, type Acronis, type Tenant } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { FailureType } from '../contract/failures.js';
import { checkLivesIn, readRoles } from './access.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { refuse } from './failures.js';
import { isSameItem } from './item-changes.js';
import type { WantedItem } from './offer.js';
import { checkSeenAsMeant, checkStillMeant, type MeantTenant } from './still-meant.js';
import { checkSwitchedOn } from './tenant-refs.js';

interface UsableSpec extends TenantSpec {
  /** The parent of the order; absent when the order does not say it, and in tasks of earlier versions. */
  parentTenantId?: string;
  /** Absent when the order has no user. */
  userId?: string;
  /** The role that the run gave to the user; absent in tasks of earlier versions. */
  role?: string;
  /** The items that the run has switched on. */
  items?: WantedItem[];
  /** Whose the tenant must be; absent when the run does not say so, and in tasks of earlier versions. */
  meant?: MeantTenant;
}

/** A new thing may be listed late, so one "not found" is not enough. */
const TRIES = 3;
const REMEDY = 'give this run up (abort), and order again';

export function createStillUsableActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Checks that people can still use the tenant that a run has made or adopted some time ago. Changes nothing. Fails
     * with `Tenantry.SwitchedOff` when the tenant, one above it, or the user is switched off, with `Acronis.NotFound`
     * when one of them is gone, and with `Tenantry.Unexpected` when somebody has moved the tenant or the user, has given
     * the tenant to another customer, taken the role of the user, or switched off items of the order. Does not check
     * quotas, nor the user in a tenant that keeps us out.
     */
    checkStillUsable: activity.look(dependencies, checkStillUsable),
    /**
     * Checks that a tenant is still the one that a run means: people have had time to give it to another customer.
     * Changes nothing. Fails with `Tenantry.Unexpected` when it has another contract number, another mark or another
     * parent, or when both its name and its contact were changed. Leaves a tenant that is gone to the next step.
     */
    checkStillMeant: activity.look(dependencies, checkStillMeant),
  };
}

async function checkStillUsable(
  { tenantId, parentTenantId, userId, role, items = [], meant }: UsableSpec,
  attempt: Attempt,
): Promise<Outcome<null>> {
  const { acronis } = attempt;
  const tenant = await readExisting(attempt, `tenant ${tenantId}`, async () => await acronis.tenants.get(tenantId));
  if (parentTenantId !== undefined) checkLiesBelow(tenant, parentTenantId);
  if (meant !== undefined) checkSeenAsMeant(tenant, meant);
  await checkSwitchedOn(acronis, tenant);
  if (userId !== undefined && tenant.ancestral_access !== false) {
    await checkUser({ tenantId, userId }, attempt);
    if (role !== undefined) await checkRole(acronis, { tenantId, userId, role });
  }
  if (items.length > 0) await checkItems(acronis, { tenantId, items });
  return { result: null, ...(meant && { seen: tenantId }) };
}

function checkLiesBelow({ id, name, parent_id }: Tenant, parentTenantId: string): void {
  if (isSameId(parent_id, parentTenantId)) return;
  const sentence = `somebody has moved the tenant ${JSON.stringify(name)} (${id}) below ${parent_id} meanwhile: move it back below ${parentTenantId} in the console, then retry; or ${REMEDY}`;
  throw refuse(FailureType.Unexpected, sentence);
}

async function checkUser({ tenantId, userId }: Record<'tenantId' | 'userId', string>, attempt: Attempt): Promise<void> {
  const read = async () => await attempt.acronis.users.get(userId);
  const user = await readExisting(attempt, `user ${userId}`, read);
  checkLivesIn(user, tenantId);
  const { login, enabled } = user;
  if (!enabled)
    throw refuse(
      FailureType.SwitchedOff,
      `${JSON.stringify(login)} (${userId}) has been switched off meanwhile: let this user log in again in the console, then retry`,
    );
}

async function checkRole(acronis: Acronis, { tenantId, userId, role }: Record<'tenantId' | 'userId' | 'role', string>) {
  const held = await readRoles(acronis, userId);
  if (held.some((one) => one.roleId === role && isSameId(one.tenantId, tenantId))) return;
  const sentence = `somebody has taken the role ${role} from the user ${userId} meanwhile: give it again in the console, then retry`;
  throw refuse(FailureType.Unexpected, sentence);
}

async function checkItems(acronis: Acronis, { tenantId, items }: { tenantId: string; items: readonly WantedItem[] }) {
  const on = (await acronis.offeringItems.list(tenantId)).filter(({ status }) => status === 1);
  const off = items.filter((item) => !on.some((row) => isSameItem(row, item))).map(({ name }) => name);
  if (off.length === 0) return;
  const names = [...new Set(off)].join(', ');
  const sentence = `somebody has switched ${names} off in the tenant ${tenantId} meanwhile: switch it on again in the console, then retry`;
  throw refuse(FailureType.Unexpected, sentence);
}

async function readExisting<T extends { deleted_at: string | null }>(
  { earlierAttempts }: Attempt,
  what: string,
  read: () => Promise<T>,
): Promise<T> {
  try {
    const there = await read();
    if (there.deleted_at === null) return there;
  } catch (error) {
    if (!isNotFound(error) || earlierAttempts < TRIES) throw error;
  }
  throw refuse(FailureType.NotFound, `${what} is gone: somebody has removed it meanwhile. ${REMEDY}`);
}

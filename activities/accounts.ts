import type { Acronis, User } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome } from './attempt.js';
import { refuse } from './failures.js';
import { checkSwitchedOn } from './tenant-refs.js';

/** A user below the root, and the tenant in which the user's machines register. */
export interface Account {
  userId: string;
  tenantId: string;
  /** Absent in partner tenants. */
  personalTenantId?: string;
}

export function createAccountActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the user below the root with this login. Changes nothing. Fails with `Acronis.Rejected` when there is none,
     * and with `Tenantry.SwitchedOff` when somebody must log in as this user and the user, its tenant or one above it is
     * switched off.
     */
    findAccount: activity.look(dependencies, findAccount),
    /** Logs in as the user by a one-time token, reads who that is, and logs out. Changes nothing. Safe to repeat. */
    impersonateUser: activity.change(dependencies, impersonateUser),
  };
}

interface AccountSpec {
  cloud: string;
  login: string;
  /** True when somebody must be able to log in as this user. */
  logsIn?: boolean;
}

async function findAccount({ login, logsIn }: AccountSpec, { acronis }: Attempt): Promise<Outcome<Account>> {
  const tenantId = await acronis.rootTenantId();
  for await (const user of acronis.users.list({ tenantId })) {
    if (user.login.toLowerCase() !== login.trim().toLowerCase()) continue;
    if (logsIn) await checkLogsIn(acronis, user);
    const personal = user.personal_tenant_id;
    const own = personal === null ? {} : { personalTenantId: personal };
    return { result: { userId: user.id, tenantId: user.tenant_id, ...own } };
  }
  throw refuse(
    FailureType.Rejected,
    `user.login: ${JSON.stringify(login)} is not a user below the API client's own tenant`,
  );
}

async function checkLogsIn(acronis: Acronis, { id, login, enabled, tenant_id }: User): Promise<void> {
  if (!enabled)
    throw refuse(
      FailureType.SwitchedOff,
      `${JSON.stringify(login)} (${id}) is switched off: let this user log in again in the console, then retry`,
    );
  // nobody can read what is above our own tenant
  if (tenant_id !== (await acronis.rootTenantId()))
    await checkSwitchedOn(acronis, await acronis.tenants.get(tenant_id));
}

async function impersonateUser({ userId }: { cloud: string; userId: string }, { acronis }: Attempt) {
  const { id, tenant_id, login } = await acronis.impersonation.whoIs({ userId });
  return { result: { userId: id, tenantId: tenant_id, login: login ?? '' }, changed: false };
}

import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome } from './attempt.js';
import { refuse } from './failures.js';

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
     * Finds the user below the root with this login. Changes nothing. Fails with `Acronis.Rejected` when there is none.
     */
    findAccount: activity.look(dependencies, findAccount),
    /** Logs in as the user by a one-time token, reads who that is, and logs out. Changes nothing. Safe to repeat. */
    impersonateUser: activity.change(dependencies, impersonateUser),
  };
}

async function findAccount(
  { login }: { cloud: string; login: string },
  { acronis }: Attempt,
): Promise<Outcome<Account>> {
  const tenantId = await acronis.rootTenantId();
  for await (const user of acronis.users.list({ tenantId })) {
    if (user.login.toLowerCase() !== login.trim().toLowerCase()) continue;
    const personal = user.personal_tenant_id;
    const own = personal === null ? {} : { personalTenantId: personal };
    return { result: { userId: user.id, tenantId: user.tenant_id, ...own } };
  }
  throw refuse(
    FailureType.Rejected,
    `user.login: ${JSON.stringify(login)} is not a user below the API client's own tenant`,
  );
}

async function impersonateUser({ userId }: { cloud: string; userId: string }, { acronis }: Attempt) {
  const { id, tenant_id, login } = await acronis.impersonation.whoIs({ userId });
  return { result: { userId: id, tenantId: tenant_id, login: login ?? '' }, changed: false };
}

import { FailureType } from '../workflows/shared/failures.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { safeOf } from './safe.js';

/** A user below the root, with the place where its machines register. */
export interface Account {
  userId: string;
  tenantId: string;
  /** Absent in partner tenants. */
  personalTenantId?: string;
}

interface TokenSpec {
  cloud: string;
  tenantId: string;
  scopes: string[];
  expiresInSeconds: number;
  /** Name under which the token is kept. */
  secret: string;
}

export function createAccountActivities(dependencies: ActivityDependencies) {
  return {
    /** Finds the one user below the root that has this login. Changes nothing. Fails with `Acronis.Rejected` when there is none. */
    findAccount: activity(dependencies, patience.look, findAccount),
    /**
     * Issues a token by which agents register, and keeps it in the secret store; only its name goes on. A repeat issues one more: the lost
     * one is known to nobody and expires by itself.
     */
    issueAgentToken: activity(dependencies, patience.change, issueAgentToken),
    /** Logs in as the user by a one-time token, asks who that is, and logs out. Nothing secret goes on. Safe to repeat. */
    impersonateUser: activity(dependencies, patience.change, impersonateUser),
  };
}

async function findAccount({ login }: { cloud: string; login: string }, { acronis }: Attempt): Promise<Found<Account>> {
  const tenantId = await acronis.rootTenantId();
  for await (const user of acronis.users.list({ tenantId })) {
    if (user.login.toLowerCase() !== login.trim().toLowerCase()) continue;
    const personal = user.personal_tenant_id;
    const place = personal === null ? {} : { personalTenantId: personal };
    return { result: { userId: user.id, tenantId: user.tenant_id, ...place } };
  }
  throw refuse(
    FailureType.Rejected,
    `user.login: ${JSON.stringify(login)} is no user below the API client's own tenant`,
  );
}

async function issueAgentToken(
  { tenantId, scopes, expiresInSeconds, secret }: TokenSpec,
  { acronis, safe }: Attempt,
): Promise<Found<{ tokenId: string; expiresAt: string | null }>> {
  const place = safeOf(safe);
  const fields = { scopes, expires_in: expiresInSeconds };
  const { id, token, expires_at } = await acronis.registrationTokens.create(tenantId, fields);
  await place.put(secret, token);
  return { result: { tokenId: id, expiresAt: expires_at } };
}

async function impersonateUser({ userId }: { cloud: string; userId: string }, { acronis }: Attempt) {
  const { id, tenant_id, login } = await acronis.impersonation.whoIs({ userId });
  return { result: { userId: id, tenantId: tenant_id, login: login ?? '' } };
}

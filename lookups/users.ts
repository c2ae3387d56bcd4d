import { lookup, toUtc, type LookUpScope } from './lookup.js';

interface UsersFilter {
  /** Only users of the tenant itself. */
  here?: boolean;
  /** Includes the roles, at one call for each user. */
  roles?: boolean;
  /** Only users who cannot log in, because they are disabled or not activated yet. */
  inactive?: boolean;
}

async function* list({ acronis, tenant }: LookUpScope, { here = false, roles = false, inactive = false }: UsersFilter) {
  for await (const user of acronis.users.list({ tenantId: tenant.id })) {
    if (here && user.tenant_id !== tenant.id) continue;
    if (inactive && user.enabled && user.activated) continue;
    const held = roles ? (await acronis.users.accessPolicies(user.id)).map(({ role_id }) => role_id) : null;
    yield { ...user, roles: held };
  }
}

/** The users of the tenant and of all tenants below it. */
export const users = lookup(list, {
  login: ({ login }) => login,
  email: ({ contact }) => contact?.email ?? null,
  firstName: ({ contact }) => contact?.firstname ?? null,
  lastName: ({ contact }) => contact?.lastname ?? null,
  enabled: ({ enabled }) => enabled,
  activated: ({ activated }) => activated === true,
  twoFactor: ({ mfa_status }) => mfa_status,
  /** Null unless requested. */
  roles: ({ roles }) => roles,
  createdAt: ({ created_at }) => toUtc(created_at),
  id: ({ id }) => id,
  tenantId: ({ tenant_id }) => tenant_id,
});

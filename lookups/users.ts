import type { User } from '../acronis/index.js';
import { toUtc, type Lookup } from './lookup.js';

/** A user. */
export interface UserRow {
  login: string;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  enabled: boolean;
  activated: boolean;
  twoFactor: string | null;
  /** Null unless requested. */
  roles: readonly string[] | null;
  createdAt: string | null;
  id: string;
  tenantId: string;
}

export interface UsersFilter {
  /** Only users of the tenant itself. */
  here?: boolean;
  /** Includes the roles, at one call for each user. */
  roles?: boolean;
  /** Only users who cannot log in, because they are disabled or not activated yet. */
  inactive?: boolean;
}

/** The users of the tenant and of all tenants below it. */
export const users: Lookup<UsersFilter, UserRow> = {
  fields: [
    'login',
    'email',
    'firstName',
    'lastName',
    'enabled',
    'activated',
    'twoFactor',
    'roles',
    'createdAt',
    'id',
    'tenantId',
  ],
  async *find({ acronis, tenant }, { here = false, roles = false, inactive = false }) {
    for await (const user of acronis.users.list({ tenantId: tenant.id })) {
      if (here && user.tenant_id !== tenant.id) continue;
      if (inactive && user.enabled && user.activated) continue;
      const roleIds = roles ? (await acronis.users.accessPolicies(user.id)).map(({ role_id }) => role_id) : null;
      yield toRow(user, roleIds);
    }
  },
};

function toRow(user: User, roles: string[] | null): UserRow {
  return {
    login: user.login,
    email: user.contact?.email ?? null,
    firstName: user.contact?.firstname ?? null,
    lastName: user.contact?.lastname ?? null,
    enabled: user.enabled,
    activated: user.activated === true,
    twoFactor: user.mfa_status,
    roles,
    createdAt: toUtc(user.created_at),
    id: user.id,
    tenantId: user.tenant_id,
  };
}

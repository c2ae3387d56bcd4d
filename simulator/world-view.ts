import { protectionSetup } from './protection-setup.js';
import { tenantSetup } from './tenant-setup.js';
import type { Tenant } from './entities.js';
import { itemsOf } from './tenant-items.js';
import { tenantView, userView } from './views.js';
import type { World } from './world.js';

type TenantView = Record<string, unknown> & {
  id: string;
  name: string;
  parent_id: string;
  internal_tag: string | null;
  enabled: boolean;
  deleted_at: string | null;
};
type UserView = Record<string, unknown> & { id: string; login: string; tenant_id: string };

/** How tests read and change the world without the API. */
export type WorldView = ReturnType<typeof createWorldView>;

/** `seeded`: the tenants that were there at the start. */
export function createWorldView(world: World, seeded: ReadonlySet<string>) {
  const show = (tenant: Tenant) => tenantView(world, tenant) as TenantView;
  return {
    ...tenantSetup(world),
    ...protectionSetup(world),
    tenants: () => world.existingTenants().map(show),
    tenant: (id: string) =>
      world
        .existingTenants()
        .filter((one) => one.id === id)
        .map(show)[0],
    /** Customers that exist now and did not at the start. */
    customers: () =>
      world
        .existingTenants()
        .filter(({ id, kind }) => kind === 'customer' && !seeded.has(id))
        .map(show),
    deletedTenants: () =>
      [...world.tenants.values()].filter((one) => one.deleted_at !== null && one.owner_id === null).map(show),
    users: (tenantId?: string) =>
      world
        .existingUsers()
        .filter((one) => tenantId === undefined || one.tenant_id === tenantId)
        .map((user) => userView(world, user) as UserView),
    /** Items that are switched on. */
    items: (tenantId: string) => itemsOf(world, tenantId).filter(({ status }) => status === 1),
    policies: (userId: string) => world.policies.get(userId) ?? [],
    mfa: (tenantId: string) => world.mfa.get(tenantId),
    pricing: (tenantId: string) => world.pricing.get(tenantId),
    mails: () => [...world.mails],
    /** API clients that are not deleted, without their secrets. */
    clients: () =>
      [...world.clients.values()]
        .filter(({ deleted }) => !deleted)
        .map(({ client_id, tenant_id, status, origin_id }) => ({ client_id, tenant_id, status, origin_id })),
    /** Every secret that must not be in any history or log. */
    secrets: () => secretsIn(world),
  };
}

/** A value that only its owner may know. */
export interface Secret {
  /** What it is; this text may be shown. */
  what: string;
  value: string;
}

/** Every secret that the platform has issued or received. */
function secretsIn(world: World): Secret[] {
  const users = [...world.users.values()].flatMap(({ login, password }) =>
    password === null ? [] : [{ what: `the password of ${login}`, value: password }],
  );
  const called = (what: string, values: Iterable<string>) => [...values].map((value) => ({ what, value }));
  return [
    ...world.spentSecrets,
    ...users,
    ...[...world.clients.values()].map(({ client_id, secret }) => ({
      what: `the secret of client ${client_id}`,
      value: secret,
    })),
    ...called('an access token', world.tokens.keys()),
    ...called('a one-time token', world.oneTimeTokens.keys()),
    ...called('a session', world.sessions.keys()),
    ...called(
      'a registration token',
      [...world.registrationTokens.values()].map(({ token }) => token),
    ),
  ];
}

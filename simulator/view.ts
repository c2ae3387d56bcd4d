import { arrangeProtection, type ProtectionArrangements } from './arrange-protection.js';
import { arrangeTenants, type TenantArrangements } from './arrange-tenants.js';
import type { Item, Mail, Policy, Pricing, Tenant } from './entities.js';
import { rowsOf } from './tenant-items.js';
import { tenantView, userView } from './views.js';
import type { World } from './world.js';

type Shown = Record<string, unknown> & {
  id: string;
  name: string;
  parent_id: string;
  internal_tag: string | null;
  enabled: boolean;
  deleted_at: string | null;
};
type ShownUser = Record<string, unknown> & { id: string; login: string; tenant_id: string };
type ShownClient = { client_id: string; tenant_id: string; status: string; origin_id: string | null };

/** The world as tests see it, and as they arrange it. */
export interface WorldView extends TenantArrangements, ProtectionArrangements {
  tenants(): Shown[];
  tenant(id: string): Shown | undefined;
  /** Living customers that were made through the interface or by `addTenant`, not those of the seed. */
  customers(): Shown[];
  deletedTenants(): Shown[];
  users(tenantId?: string): ShownUser[];
  /** Items that are switched on. */
  items(tenantId: string): Item[];
  policies(userId: string): Policy[];
  mfa(tenantId: string): string | undefined;
  pricing(tenantId: string): Pricing | undefined;
  mails(): Mail[];
  /** API clients that are not deleted, without their secrets. */
  clients(): ShownClient[];
  /** What must not be found in any history or log. */
  secrets(): Secret[];
}

export function createView(world: World): WorldView {
  const seeded = new Set(world.tenants.keys());
  const show = (tenant: Tenant) => tenantView(world, tenant) as Shown;
  return {
    ...arrangeTenants(world),
    ...arrangeProtection(world),
    tenants: () => world.living().map(show),
    tenant: (id) =>
      world
        .living()
        .filter((one) => one.id === id)
        .map(show)[0],
    customers: () =>
      world
        .living()
        .filter(({ id, kind }) => kind === 'customer' && !seeded.has(id))
        .map(show),
    deletedTenants: () =>
      [...world.tenants.values()].filter((one) => one.deleted_at !== null && one.owner_id === null).map(show),
    users: (tenantId) =>
      world
        .livingUsers()
        .filter((one) => tenantId === undefined || one.tenant_id === tenantId)
        .map((user) => userView(world, user) as ShownUser),
    items: (tenantId) => rowsOf(world, tenantId).filter(({ status }) => status === 1),
    policies: (userId) => world.policies.get(userId) ?? [],
    mfa: (tenantId) => world.mfa.get(tenantId),
    pricing: (tenantId) => world.pricing.get(tenantId),
    mails: () => [...world.mails],
    clients: () =>
      [...world.clients.values()]
        .filter(({ deleted }) => !deleted)
        .map(({ client_id, tenant_id, status, origin_id }) => ({ client_id, tenant_id, status, origin_id })),
    secrets: () => secretsIn(world),
  };
}

/** What nobody but its holder may know. */
export interface Secret {
  /** What it is, in words that may be shown. */
  what: string;
  value: string;
}

/** Every secret that the platform has given out, and those that it was given. */
export function secretsIn(world: World): Secret[] {
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
    ...called('a one-time token', world.otts.keys()),
    ...called('a session', world.sessions.keys()),
    ...called(
      'a registration token',
      [...world.registrationTokens.values()].map(({ token }) => token),
    ),
  ];
}

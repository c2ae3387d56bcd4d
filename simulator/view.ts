import type { Item, Mail, Policy, Pricing } from './entities.js';
import { rowsOf } from './offering-items.js';
import { tenantView } from './tenants.js';
import { userView } from './users.js';
import { now, type World } from './world.js';

type Shown = Record<string, unknown> & {
  id: string;
  name: string;
  parent_id: string;
  internal_tag: string | null;
  enabled: boolean;
};
type ShownUser = Record<string, unknown> & { id: string; login: string; tenant_id: string };

/** The world as tests see it, and as they arrange it. */
export interface WorldView {
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
  addTenant(fields: { name: string; kind?: string; parent_id?: string; internal_tag?: string }): string;
  addUser(fields: { tenant_id: string; login: string }): string;
  setUsage(tenantId: string, usageName: string, value: number): void;
  bumpVersion(id: string): void;
  disable(tenantId: string): void;
  activate(userId: string): void;
}

export function createView(world: World): WorldView {
  const seeded = new Set(world.tenants.keys());
  const show = (tenant: Parameters<typeof tenantView>[1]) => tenantView(world, tenant) as Shown;
  return {
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
    deletedTenants: () => [...world.tenants.values()].filter(({ deleted_at }) => deleted_at !== null).map(show),
    users: (tenantId) =>
      world
        .livingUsers()
        .filter((one) => tenantId === undefined || one.tenant_id === tenantId)
        .map((user) => userView(user) as ShownUser),
    items: (tenantId) => rowsOf(world, tenantId).filter(({ status }) => status === 1),
    policies: (userId) => world.policies.get(userId) ?? [],
    mfa: (tenantId) => world.mfa.get(tenantId),
    pricing: (tenantId) => world.pricing.get(tenantId),
    mails: () => [...world.mails],
    addTenant: ({ kind = 'customer', parent_id = world.rootId, ...fields }) =>
      world.newTenant({ ...fields, kind, parent_id }).id,
    addUser: (fields) => world.newUser(fields).id,
    setUsage: (tenantId, usageName, value) =>
      void world.usages.set(tenantId, new Map([...(world.usages.get(tenantId) ?? []), [usageName, value]])),
    bumpVersion(id) {
      const target = world.tenants.get(id) ?? world.users.get(id);
      if (target !== undefined) target.version += 1;
    },
    disable(tenantId) {
      Object.assign(world.tenants.get(tenantId)!, { enabled: false, updated_at: now() });
    },
    activate(userId) {
      Object.assign(world.users.get(userId)!, { activated: true });
    },
  };
}

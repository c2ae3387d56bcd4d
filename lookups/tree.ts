import type { Tenant, User } from '../acronis/index.js';
import type { Lookup, Scope } from './lookup.js';

/** A tenant, or a user in one, and how far below the tenant that was asked for. */
export interface TreeRow {
  depth: number;
  name: string;
  kind: string;
  enabled: boolean;
  billingMode: string | null;
  customerId: string | null;
  id: string;
  parentId: string;
}

export interface TreeFilter {
  /** How many levels below the tenant; all unless given. */
  depth?: number;
  /** Only tenants of this kind. */
  kind?: string;
  /** With the users of each tenant. */
  users?: boolean;
}

/** A tenant and everything below it, each under its parent, in the order of their names: one paged listing, and one of users if wanted. */
export const tree: Lookup<TreeFilter, TreeRow> = {
  fields: ['depth', 'name', 'kind', 'enabled', 'billingMode', 'customerId', 'id', 'parentId'],
  async *find(scope, { depth: deepest = Number.POSITIVE_INFINITY, kind, users = false }) {
    const children = await childrenByParent(scope);
    const people = users ? await usersByTenant(scope) : new Map<string, User[]>();
    const ahead = [{ tenant: scope.tenant, depth: 0 }];
    for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
      const { tenant, depth } = next;
      if (kind === undefined || tenant.kind === kind) {
        yield tenantRow(tenant, depth);
        for (const user of people.get(tenant.id) ?? []) yield userRow(user, depth + 1);
      }
      const below = depth < deepest ? (children.get(tenant.id) ?? []) : [];
      ahead.push(...below.map((child) => ({ tenant: child, depth: depth + 1 })));
    }
  },
};

/** Children of each tenant, last name first, as they are taken from the end. */
async function childrenByParent({ acronis, tenant: top }: Scope): Promise<Map<string, Tenant[]>> {
  const all: Tenant[] = [];
  for await (const tenant of acronis.tenants.list({ subtreeRootId: top.id }))
    if (tenant.id !== top.id) all.push(tenant);
  all.sort((a, b) => b.name.localeCompare(a.name));
  return grouped(all, ({ parent_id }) => parent_id);
}

async function usersByTenant({ acronis, tenant }: Scope): Promise<Map<string, User[]>> {
  const all: User[] = [];
  for await (const user of acronis.users.list({ tenantId: tenant.id })) all.push(user);
  all.sort((a, b) => a.login.localeCompare(b.login));
  return grouped(all, ({ tenant_id }) => tenant_id);
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

function tenantRow(tenant: Tenant, depth: number): TreeRow {
  const { name, kind, enabled, pricing_mode, customer_id, id, parent_id } = tenant;
  return { depth, name, kind, enabled, billingMode: pricing_mode, customerId: customer_id, id, parentId: parent_id };
}

function userRow({ id, login, enabled, tenant_id }: User, depth: number): TreeRow {
  const none = { billingMode: null, customerId: null };
  return { depth, name: login, kind: 'user', enabled, ...none, id, parentId: tenant_id };
}

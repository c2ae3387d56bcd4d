import { collect, type Tenant, type User } from '../acronis/index.js';
import type { Lookup, Scope } from './lookup.js';

/** A tenant or user, and its depth below the requested tenant. */
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
  /** How many levels below the tenant. Default: all. */
  depth?: number;
  /** Only tenants of this kind. */
  kind?: string;
  /** Includes the users of each tenant. */
  users?: boolean;
}

/**
 * A tenant and everything below it, each tenant under its parent, sorted by name. Needs one listing of tenants, and one
 * of users if requested.
 */
export const tree: Lookup<TreeFilter, TreeRow> = {
  fields: ['depth', 'name', 'kind', 'enabled', 'billingMode', 'customerId', 'id', 'parentId'],
  async *find(scope, { depth: deepest = Number.POSITIVE_INFINITY, kind, users = false }) {
    const children = await childrenByParent(scope);
    const people = users ? await usersByTenant(scope) : new Map<string, User[]>();
    const stack = [{ tenant: scope.tenant, depth: 0 }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { tenant, depth } = next;
      if (kind === undefined || tenant.kind === kind) {
        yield toTenantRow(tenant, depth);
        for (const user of people.get(tenant.id) ?? []) yield toUserRow(user, depth + 1);
      }
      const below = depth < deepest ? (children.get(tenant.id) ?? []) : [];
      stack.push(...below.map((child) => ({ tenant: child, depth: depth + 1 })));
    }
  },
};

/** The children of each tenant, in reverse order of their names, because the stack returns the last one first. */
async function childrenByParent({ acronis, tenant: top }: Scope): Promise<Map<string, Tenant[]>> {
  const tenants = await collect(acronis.tenants.list({ subtreeRootId: top.id }));
  const all = tenants.filter(({ id }) => id !== top.id);
  all.sort((a, b) => b.name.localeCompare(a.name));
  return groupBy(all, ({ parent_id }) => parent_id);
}

async function usersByTenant({ acronis, tenant }: Scope): Promise<Map<string, User[]>> {
  const all = await collect(acronis.users.list({ tenantId: tenant.id }));
  all.sort((a, b) => a.login.localeCompare(b.login));
  return groupBy(all, ({ tenant_id }) => tenant_id);
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

function toTenantRow(tenant: Tenant, depth: number): TreeRow {
  const { name, kind, enabled, pricing_mode, customer_id, id, parent_id } = tenant;
  return { depth, name, kind, enabled, billingMode: pricing_mode, customerId: customer_id, id, parentId: parent_id };
}

function toUserRow({ id, login, enabled, tenant_id }: User, depth: number): TreeRow {
  const none = { billingMode: null, customerId: null };
  return { depth, name: login, kind: 'user', enabled, ...none, id, parentId: tenant_id };
}

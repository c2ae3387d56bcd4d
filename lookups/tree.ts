import { collect, type Tenant, type User } from '../acronis/index.js';
import { lookup, type LookUpScope } from './lookup.js';

interface TreeFilter {
  /** How many levels below the tenant. Default: all. */
  depth?: number;
  /** Only tenants of this kind. */
  kind?: string;
  /** Includes the users of each tenant. */
  users?: boolean;
}

async function* list(
  scope: LookUpScope,
  { depth: deepest = Number.POSITIVE_INFINITY, kind, users = false }: TreeFilter,
): AsyncGenerator<{ depth: number; one: Tenant | User }> {
  const children = await childrenByParent(scope);
  const people = users ? await usersByTenant(scope) : new Map<string, User[]>();
  const stack = [{ tenant: scope.tenant, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { tenant, depth } = next;
    if (kind === undefined || tenant.kind === kind) {
      yield { depth, one: tenant };
      for (const user of people.get(tenant.id) ?? []) yield { depth: depth + 1, one: user };
    }
    const below = depth < deepest ? (children.get(tenant.id) ?? []) : [];
    stack.push(...below.map((child) => ({ tenant: child, depth: depth + 1 })));
  }
}

/**
 * A tenant and everything below it, each tenant under its parent, sorted by name. Needs one listing of tenants, and one
 * of users if requested.
 */
export const tree = lookup(list, {
  /** Below the requested tenant. */
  depth: ({ depth }) => depth,
  name: ({ one }) => ('kind' in one ? one.name : one.login),
  kind: ({ one }) => ('kind' in one ? one.kind : 'user'),
  enabled: ({ one }) => one.enabled,
  billingMode: ({ one }) => ('kind' in one ? one.pricing_mode : null),
  customerId: ({ one }) => ('kind' in one ? one.customer_id : null),
  id: ({ one }) => one.id,
  parentId: ({ one }) => ('kind' in one ? one.parent_id : one.tenant_id),
});

/** The children of each tenant, in reverse order of their names, because the stack returns the last one first. */
async function childrenByParent({ acronis, tenant: top }: LookUpScope): Promise<Map<string, Tenant[]>> {
  const tenants = await collect(acronis.tenants.list({ subtreeRootId: top.id }));
  const all = tenants.filter(({ id }) => id !== top.id);
  all.sort((a, b) => b.name.localeCompare(a.name));
  return groupBy(all, ({ parent_id }) => parent_id);
}

async function usersByTenant({ acronis, tenant }: LookUpScope): Promise<Map<string, User[]>> {
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

import type { Tenant, User } from './entities.js';
import { badRequest } from './errors.js';
import { integer, ok, route, type Call } from './router.js';
import type { World } from './world.js';

/** Each word of the query must be the beginning of an indexed word; case does not count. */
function matches(indexed: readonly unknown[], text: string): boolean {
  const words = indexed.flatMap((one) => (typeof one === 'string' ? one.toLowerCase().split(/\s+/) : []));
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((token) => words.some((word) => word.startsWith(token)));
}

function search({ world, query, caller }: Call) {
  const text = (query.get('text') ?? '').trim();
  if (text.length < 3) throw badRequest('text must have at least 3 characters');
  const limit = query.has('limit') ? integer(query.get('limit'), 'limit') : 10;
  if (limit < 1) throw badRequest('limit must be at least 1');
  const top = world.visibleTenant(query.get('tenant') ?? '', caller.tenantId);
  const tree = new Map(world.accessibleSubtree(top.id, caller.tenantId).map((one) => [one.id, one]));
  const tenants = [...tree.values()].filter((one) => isIndexed(world, one) && matches(wordsOf(one), text));
  const users = world
    .existingUsers()
    .filter((one) => tree.has(one.tenant_id) && isIndexed(world, one) && matches(wordsOf(one), text));
  const path = (tenant: Tenant) => pathBetween(world, top, tenant);
  const items = [
    ...tenants.map((one) => foundTenant(one, path(one))),
    ...users.map((one) => foundUser(one, [...path(tree.get(one.tenant_id)!), tree.get(one.tenant_id)!.name])),
  ];
  return ok({ items: items.slice(0, Math.min(limit, 300)) });
}

/** Changes reach the search index with a delay. */
function isIndexed({ searchLagMs }: World, { updated_at }: { updated_at: string }): boolean {
  return Date.parse(updated_at) + searchLagMs <= Date.now();
}

function wordsOf(one: Tenant | User): unknown[] {
  const { firstname, lastname, email } = one.contact;
  return [...('login' in one ? [one.login] : [one.name, one.customer_id]), firstname, lastname, email];
}

/** The names of the tenants above, from the top down. */
function pathBetween(world: World, top: Tenant, tenant: Tenant): string[] {
  const above = world.ancestors(tenant);
  const depth = above.findIndex(({ id }) => id === top.id) + 1;
  return above
    .slice(0, depth)
    .map(({ name }) => name)
    .toReversed();
}

function foundTenant({ id, parent_id, kind, name, contact, deleted_at }: Tenant, path: string[]) {
  return { obj_type: 'tenant', id, parent_id, kind, name, ...names(contact), path, deleted_at };
}

function foundUser({ id, tenant_id, login, contact, deleted_at }: User, path: string[]) {
  return { obj_type: 'user', id, parent_id: tenant_id, login, ...names(contact), path, deleted_at };
}

function names({ firstname = null, lastname = null }: Record<string, unknown>) {
  return { first_name: firstname, last_name: lastname };
}

export const searchRoutes = [route('GET /search', search)];

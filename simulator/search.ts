import { badRequest } from './errors.js';
import { ok, route, type Call } from './router.js';

/** Each word of the text must begin some word of what is indexed; the case does not matter. */
function matches(indexed: readonly (string | null | undefined)[], text: string): boolean {
  const words = indexed.flatMap((one) => (one ?? '').toLowerCase().split(/\s+/));
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((token) => words.some((word) => word.startsWith(token)));
}

function search({ world, query, caller }: Call) {
  const text = (query.get('text') ?? '').trim();
  if (text.length < 3) throw badRequest('text must have at least 3 characters');
  const top = world.reach(query.get('tenant') ?? '', caller.tenantId);
  const tree = world.subtree(top.id).filter((one) => one.id === top.id || one.ancestral_access);
  const path = (id: string) => {
    const above = world.ancestors(world.tenants.get(id)!);
    return above
      .slice(0, above.findIndex((one) => one.id === top.id) + 1)
      .map(({ name }) => name)
      .toReversed();
  };
  const contact = (of: Record<string, unknown>) => [of['firstname'], of['lastname'], of['email']] as string[];
  const tenants = tree
    .filter((one) => matches([one.name, one.customer_id, ...contact(one.contact)], text))
    .map(({ id, parent_id, kind, name, deleted_at }) => ({
      obj_type: 'tenant',
      id,
      parent_id,
      kind,
      name,
      path: path(id),
      deleted_at,
    }));
  const ids = new Set(tree.map(({ id }) => id));
  const users = world
    .livingUsers()
    .filter((one) => ids.has(one.tenant_id) && matches([one.login, ...contact(one.contact)], text))
    .map(({ id, tenant_id, login, deleted_at }) => ({
      obj_type: 'user',
      id,
      parent_id: tenant_id,
      login,
      path: path(tenant_id),
      deleted_at,
    }));
  const limit = Math.min(Number(query.get('limit') ?? 10), 300);
  return ok({ items: [...tenants, ...users].slice(0, limit) });
}

export const searchRoutes = [route('GET /search', search)];

/** Routes of the legacy interface, below `api/1`. */
export const legacyRoutes = [
  route('GET /accounts', ({ query, origin }) => ok({ id: 0, login: query.get('login'), server_url: origin }), 'open'),
  route('GET /groups/{id}', (call) => {
    const { numericId, name, version } = call.world.reach(call.ids[0] ?? '', call.caller.tenantId);
    return ok({ id: numericId, name, version });
  }),
];

import { ORDINARY_INFRA, type InProcessSimulator } from '../../simulator/index.js';

interface Named {
  id?: string;
  customerId?: string;
  name?: string;
}

/** Items of the tenant of an example. */
const usual = new Set(['workstations', 'storage']);

/** Whether customers are offered several storages for backups: then an order has to name one. */
export function hasSeveralStorages(world: InProcessSimulator['memory']): boolean {
  const storages = (world.items.get(world.rootId) ?? []).filter(({ name }) => name === 'storage');
  // one of them is for partners only
  return storages.length > 2;
}

/** Adds the tenant that an input names below the root, and its user if the input names an existing one. */
export function addExampleTenant(world: InProcessSimulator['memory'], input: Record<string, unknown>): void {
  const { tenant, user } = input as { tenant?: Named; user?: { login: string; email?: string } };
  if (tenant === undefined && (user === undefined || 'email' in user)) return;
  const { id, customerId, name = (input['confirm'] as string | undefined) ?? 'Customer, Inc' } = tenant ?? {};
  const fields = { ...(id === undefined ? {} : { id }), customer_id: customerId ?? null };
  const made = world.newTenant({ ...fields, name, kind: 'customer', parent_id: world.rootId });
  const rows = world.items.get(world.rootId) ?? [];
  const ordinary = rows.filter(
    ({ name, infra_id }) => usual.has(name) && (infra_id ?? ORDINARY_INFRA) === ORDINARY_INFRA,
  );
  world.items.set(
    made.id,
    ordinary.map((row) => ({ ...row, tenant_id: made.id })),
  );
  world.newUser({
    tenant_id: made.id,
    login: user !== undefined && !('email' in user) ? user.login : 'somebody.inside',
  });
}

import type { OperationModel } from './index.js';

/** The example's customer is deleted with its administrator; another is disabled. */
export const restoreCustomer: OperationModel = {
  variants: { disabled: (example) => ({ ...example, tenant: { name: 'Disabled, Inc' } }) },
  prepare(world) {
    const below = { kind: 'customer', parent_id: world.rootId, enabled: false };
    const deleted_at = new Date(Date.now() - 86_400_000).toISOString();
    const gone = world.newTenant({ ...below, name: 'Customer, Inc', customer_id: 'customer-inc', deleted_at });
    const user = world.newUser({ tenant_id: gone.id, login: 'JohnDoe', deleted_at });
    Object.assign(world.tenants.get(user.personal_tenant_id!)!, { deleted_at });
    world.newUser({ tenant_id: world.newTenant({ ...below, name: 'Disabled, Inc' }).id, login: 'somebody.inside' });
  },
  pointOfNoReturn: 'restoreDeletedTenant',
  expected: ({ tenant }) =>
    'name' in (tenant as object)
      ? { 'tenants Disabled, Inc': { enabled: true } }
      : { 'tenants Customer, Inc': { enabled: true }, 'users JohnDoe': { enabled: true } },
};

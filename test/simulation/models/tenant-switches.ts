import type { OperationModel } from './index.js';

type World = Parameters<NonNullable<OperationModel['prepare']>>[0];

/** A switch of the example's tenant: where it is put before, and where it must be afterwards. */
function flips(before: (world: World) => object, after: object): OperationModel {
  return {
    prepare: (world: World) => {
      const fields = { name: 'Customer, Inc', customer_id: 'customer-inc', kind: 'customer', parent_id: world.rootId };
      const { id } = world.newTenant({ ...fields, ...before(world) });
      world.newUser({ tenant_id: id, login: 'somebody.inside' });
    },
    expected: () => ({ 'tenants Customer, Inc': after, 'users somebody.inside': { enabled: true } }),
  };
}

export const tenantSwitches: Readonly<Record<string, OperationModel>> = {
  disableTenant: { ...flips(() => ({}), { enabled: false }), switchesOff: true },
  enableTenant: flips(() => ({ enabled: false }), { enabled: true }),
  limitAdministratorAccess: flips(() => ({}), { ancestral_access: false }),
  allowAdministratorAccess: flips(() => ({ ancestral_access: false }), { ancestral_access: true }),
  lockTenant: flips(() => ({}), { update_lock: { enabled: true } }),
  unlockTenant: flips(({ rootId }) => ({ update_lock: { enabled: true, owner_id: rootId } }), {
    update_lock: { enabled: false },
  }),
};

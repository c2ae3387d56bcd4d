import type { OperationEnvironment } from './operation-environment.js';

let made = 0;

/** Customers with a user and a unit, and the orders that restore them. */
export function customersToRestore(env: OperationEnvironment) {
  const living = (more: object = {}) => {
    made += 1;
    const { world } = env.simulator;
    const name = `To be restored ${made}`;
    const id = world.addTenant({ name });
    world.addTenant({ name: `Unit ${made}`, kind: 'unit', parent_id: id });
    world.addUser({ tenant_id: id, login: `to-be-restored-${made}` });
    return { id, name, order: { tenant: { id }, onFailure: 'undo', ...more } };
  };
  const deleted = (more: object = {}) => {
    const one = living(more);
    env.simulator.world.remove(one.id);
    return one;
  };
  const enabled = (id: string) => env.simulator.world.tenant(id)?.enabled;
  return { living, deleted, enabled };
}

import type { OperationEnvironment } from './operation-environment.js';
import { anOrder } from './orders.js';

const GIB = 2 ** 30;
let made = 0;

/** Customers that can be offboarded, with the orders for it. */
export function customersToOffboard(env: OperationEnvironment) {
  return {
    /** An empty customer that somebody else has created. */
    leaving(fields: object = {}) {
      made += 1;
      const name = `Leaving ${made}`;
      const id = env.simulator.world.addTenant({ name });
      return { id, name, order: { tenant: { id }, grace: '1 second', confirm: name, onFailure: 'undo', ...fields } };
    },
    /** A provisioned customer with a unit and two kinds of usage, and everything that its deletion removes. */
    async inhabited() {
      const { customer, administrator } = anOrder();
      const { tenantId } = await env.provision({ customer, administrator });
      const { name } = customer;
      const { world } = env.simulator;
      const unit = world.addTenant({ name: `Unit of ${name}`, kind: 'unit', parent_id: tenantId! });
      world.setUsage(tenantId!, 'workstations', 3);
      world.setUsage(tenantId!, 'storage', 2 * GIB);
      const tenant = { id: tenantId! };
      const order = { tenant, grace: '1 second', confirm: name, finalReport: false, onFailure: 'undo' };
      const all = { tenants: [unit], users: [administrator.login], usage: { storage: '2 GiB', workstations: 3 } };
      return { id: tenantId!, unit, name, order, all };
    },
  };
}

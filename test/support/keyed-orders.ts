import type { TestEnvironment } from './test-environment.js';
import type { anOrder } from './orders.js';

export type Order = ReturnType<typeof anOrder>;

/** The business key of an order, which is its caller's own id of the customer. */
export const keyOf = (order: Order) => order.customer['customerId'] as string;
/** The workflow id of its run. */
export const idOf = (order: Order) => `provisionCustomer:${keyOf(order)}`;

/** How a env runs orders by their keys, and which tenants there are for a key. */
export function keyedOrdersOf(env: TestEnvironment) {
  return {
    provision: async (order: Order) => await env.provision(order, idOf(order)),
    tenantsOf: (order: Order) =>
      env.simulator.world.customers().filter(({ customer_id }) => customer_id === keyOf(order)),
  };
}

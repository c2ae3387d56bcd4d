import type { OperationEnvironment } from './operation-environment.js';

/** Tests of orders for what a customer may use. Names no place for data: the cloud must have one of each kind. */
export function entitledCustomers(env: OperationEnvironment) {
  let made = 0;
  const change = async (order: object) => await env.run('changeEntitlement', order);
  return {
    change,
    /** A customer with workstations for 25, unlimited storage and servers, and an order for it. */
    async aCustomer(fields: object = {}) {
      made += 1;
      const id = env.simulator.world.addTenant({ name: `Entitled ${made}` });
      const offeringItems = ['workstations', 'storage', 'servers'];
      await change({ tenant: { id }, offeringItems, quotas: { workstations: { limit: 25 } } });
      env.calls();
      return { id, order: { tenant: { id }, onFailure: 'undo', ...fields } };
    },
    /** What is on, with its limits: none, a soft one, or a soft one with its overage. */
    portrait: (id: string) =>
      Object.fromEntries(env.simulator.world.items(id).map(({ name, quota }) => [name, limitsOf(quota)])),
    writes: () => env.calls().filter((route) => !route.startsWith('GET ') && route !== 'POST /idp/token'),
  };
}

/** What such a customer has before the order. */
export const entitledBefore = { workstations: 25, storage: null, servers: null };

function limitsOf(quota?: { value: number | null; overage: number | null }) {
  return quota?.overage == null ? (quota?.value ?? null) : [quota.value, quota.overage];
}

import { storedSecrets } from './activities.js';
import type { OperationEnvironment } from './operation-environment.js';

let made = 0;

/** Orders for API clients, and the clients that the simulator has for them. */
export function apiClients(env: OperationEnvironment) {
  function anOrder(fields: object = {}) {
    made += 1;
    const id = env.simulator.world.addTenant({ name: `Integrated ${made}` });
    return { tenant: { id }, name: 'Billing', secret: `billing-${made}`, onFailure: 'undo', ...fields };
  }

  const clientsOf = ({ tenant }: { tenant: { id: string } }) =>
    env.simulator.world.clients().filter(({ tenant_id }) => tenant_id === tenant.id);

  const enabledOf = (order: { tenant: { id: string } }) =>
    clientsOf(order).flatMap(({ client_id, status }) => (status === 'enabled' ? [client_id] : []));

  /** Whether the stored secret gets a token. */
  async function opens({ secret }: { secret: string }, clientId: string): Promise<boolean> {
    const basic = Buffer.from(`${clientId}:${storedSecrets.get(secret)}`).toString('base64');
    const { status } = await fetch(`${env.simulator.url}/api/2/idp/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    return status === 200;
  }
  return { anOrder, clientsOf, enabledOf, opens };
}

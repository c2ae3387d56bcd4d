import type { AnySimulator } from './any-simulator.js';
import { createAcronis } from '../../acronis/index.js';
import { pause } from './pause.js';

/** Enables or disables the first user of a tenant, as a person does in the console. */
export async function setFirstUser(simulator: AnySimulator, tenantId: string, enabled: boolean): Promise<void> {
  const { users } = consoleClient(simulator);
  const [{ id } = { id: '' }] = simulator.world.users(tenantId);
  const { version } = await users.get(id);
  await users.update(id, { version, enabled });
}

/** Deletes the first user of a tenant, as a person does in the console. */
export async function removeFirstUser(simulator: AnySimulator, tenantId: string): Promise<void> {
  const { users } = consoleClient(simulator);
  const [{ id } = { id: '' }] = simulator.world.users(tenantId);
  await setFirstUser(simulator, tenantId, false);
  await users.remove(id, (await users.get(id)).version);
}

/** Changes the first user of a tenant, as a person does in the console. */
export async function changeFirstUser(
  simulator: AnySimulator,
  tenantId: string,
  change: { login?: string; contact?: { email: string } },
): Promise<void> {
  const { users } = consoleClient(simulator);
  const [{ id } = { id: '' }] = simulator.world.users(tenantId);
  await users.update(id, { version: (await users.get(id)).version, ...change });
}

/** Renames a tenant, as a person does in the console. */
export async function renameTenant(simulator: AnySimulator, tenantId: string, name: string): Promise<void> {
  const { tenants } = consoleClient(simulator);
  const { version } = await tenants.get(tenantId);
  await tenants.update(tenantId, { version, name });
}

/** Waits until the route was called. */
export async function waitForCall({ journal }: AnySimulator, route: string): Promise<void> {
  while (journal.calls(route).length === 0) await pause(10);
}

/** A client for what a person does in the console: it meets no fault, however untidy the cloud is. */
export function consoleClient({ url: baseUrl, clientId, clientSecret, consoleFetch: fetch }: AnySimulator) {
  return createAcronis({ baseUrl, clientId, clientSecret, version: 'console', fetch });
}

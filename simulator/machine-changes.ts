import type { Agent } from './agents.js';
import { addMachine, type AddedMachine, type NewMachine } from './machines.js';
import type { Assignment } from './protection.js';
import type { Resource } from './resources.js';
import { finishRuns, startTimedRun } from './runs.js';
import type { World } from './world.js';

/** How long a backup takes that the simulator starts by its clock. */
export const BACKUP_MS = 10 * 60_000;

export interface NewRegistration extends Omit<NewMachine, 'tenantId'> {
  /** As the installer asks for it: `7K2P-9QWX-31AB`. */
  token: string;
}

/** Registers a machine in the tenant of a token. @throws {Error} as the installer would refuse the token. */
export function registerMachine(world: World, { token, ...machine }: NewRegistration): AddedMachine {
  const wanted = token.trim().toUpperCase();
  const found = [...world.registrationTokens.values()].find((one) => one.token === wanted);
  const refuse = (why: string) => new Error(`token: ${wanted} ${why}; use a registration token that is valid now`);
  if (found === undefined)
    throw refuse(world.spentSecrets.some(({ value }) => value === wanted) ? 'was revoked' : 'does not exist');
  if (Date.parse(found.expires_at) <= (machine.registered?.getTime() ?? world.time()))
    throw refuse(`expired at ${found.expires_at}`);
  if (!world.isEnabled(found.tenantId)) throw refuse('is for a tenant that is disabled');
  return addMachine(world, { ...machine, tenantId: found.tenantId });
}

/** A machine by the id of its agent or of its resource. Undefined if it has no agent. */
export function findMachine(world: World, id: string): { agent: Agent; resource: Resource } | undefined {
  const isMeant = (one: Resource) => one.deleted_at === null && [one.id, one.agent_id].includes(id);
  const resource = [...world.resources.values()].find(isMeant);
  const agent = world.agents.get(resource?.agent_id ?? '');
  return resource === undefined || agent === undefined ? undefined : { agent, resource };
}

/** As `findMachine`. @throws {Error} if there is no such machine. */
export function theMachine(world: World, id: string): { agent: Agent; resource: Resource } {
  const found = findMachine(world, id);
  if (found === undefined)
    throw new Error(`id: the simulator has no machine ${id}; "tenantry simulator machines" lists them`);
  return found;
}

/** Takes a machine away, as if its agent had been uninstalled: its plans no longer apply, its backups stop. */
export function removeMachine(world: World, id: string): void {
  const { agent, resource } = theMachine(world, id);
  for (const one of [...world.assignments.values()].filter(({ resourceId }) => resourceId === resource.id)) {
    finishRuns(world, 'abandoned', one);
    world.assignments.delete(one.id);
  }
  world.agents.delete(agent.id);
  resource.deleted_at = resource.updated_at = new Date(world.time()).toISOString();
}

export interface Reinstallation {
  /** True: the old machine stays listed, offline, as when nobody has uninstalled it. */
  keepOld?: boolean | undefined;
  registered?: Date | undefined;
}

/** Installs a machine again: the same name in the same tenant, with new ids and without plans. */
export function reinstallMachine(world: World, id: string, { keepOld = false, registered }: Reinstallation = {}) {
  const { agent } = theMachine(world, id);
  const { tenantId, hostname, family } = agent;
  if (keepOld) agent.online = false;
  else removeMachine(world, agent.id);
  return addMachine(world, { tenantId, hostname, family, registered });
}

/** The parts of plans that back this machine up. */
export function backupsOf(world: World, resourceId: string): Assignment[] {
  return [...world.assignments.values()].filter(
    (one) => one.resourceId === resourceId && one.policyType.startsWith('policy.backup.'),
  );
}

/** Starts a backup at this time for each plan of the machine; it ends ten minutes later. Does nothing without a plan. */
export function backUpTimed(world: World, resourceId: string, at: number, result?: string): void {
  for (const one of backupsOf(world, resourceId).filter(({ running }) => !running))
    startTimedRun(world, one, { startedAt: at, endsAt: at + BACKUP_MS, result });
}

import { catchUp } from './catch-up.js';
import { backupsOf, findMachine } from './machine-changes.js';
import { nextRunOf } from './schedules.js';
import type { World } from './world.js';

/** A machine as people see it. */
export interface MachineRow {
  /** Of its agent. */
  id: string;
  resourceId: string;
  hostname: string;
  tenantId: string;
  tenant: string;
  online: boolean;
  registeredAt: string;
  plans: string[];
  /** The last backup that has started. Without a result while it runs. */
  lastBackup: { startedAt: string; result?: string } | null;
  nextBackupAt: string | null;
}

/** The machines of a tenant and of all below it, or every machine. @throws {Error} if there is no such tenant. */
export function machineRows(world: World, tenantId?: string): MachineRow[] {
  catchUp(world);
  const isMissing = tenantId !== undefined && world.tenants.get(tenantId)?.deleted_at !== null;
  if (isMissing) throw new Error(`tenant: the simulator has no tenant ${tenantId}; give the id of one that it has`);
  return [...world.agents.values()]
    .filter((agent) => {
      const home = world.tenants.get(agent.tenantId)!;
      return tenantId === undefined || [home, ...world.ancestors(home)].some(({ id }) => id === tenantId);
    })
    .flatMap(({ id }) => rowOf(world, id) ?? []);
}

/** One machine, by the id of its agent. Undefined if it is gone. */
export function rowOf(world: World, agentId: string): MachineRow | undefined {
  const machine = findMachine(world, agentId);
  if (machine === undefined) return undefined;
  const { agent, resource } = machine;
  const { id, hostname, tenantId, online, registered } = agent;
  const applied = [...world.assignments.values()].filter(({ resourceId }) => resourceId === resource.id);
  const backups = backupsOf(world, resource.id);
  const last = backups.filter(({ lastRun }) => lastRun !== null).sort((a, b) => (a.lastRun! < b.lastRun! ? 1 : -1))[0];
  const next = backups.flatMap((one) => nextRunOf(world, one) ?? []).sort()[0];
  return {
    id,
    resourceId: resource.id,
    hostname,
    tenantId,
    tenant: world.tenants.get(tenantId)!.name,
    online,
    registeredAt: registered.toISOString(),
    plans: [...new Set(applied.filter((one) => one.policyId === one.planId).map(({ policyName }) => policyName))],
    lastBackup: last === undefined ? null : lastBackupOf(last),
    nextBackupAt: next ?? null,
  };
}

function lastBackupOf({
  lastRun,
  lastResult,
  running,
}: {
  lastRun: string | null;
  lastResult: string | null;
  running: boolean;
}) {
  return { startedAt: lastRun!, ...(running || lastResult === null ? {} : { result: lastResult }) };
}

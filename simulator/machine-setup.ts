import { catchUp } from './catch-up.js';
import { backupsOf, registerMachine, reinstallMachine, removeMachine, theMachine } from './machine-changes.js';
import type { NewRegistration, Reinstallation } from './machine-changes.js';
import { addScript, type MachineScript } from './machine-scripts.js';
import { machineRows, rowOf, type MachineRow } from './machine-rows.js';
import { addMachine, type NewMachine } from './machines.js';
import { finishRuns, startRun } from './runs.js';
import type { World } from './world.js';

/** How tests play the machines of customers. A machine is named by the id of its agent or of its resource. */
export function machineSetup(world: World) {
  const caughtUp = () => {
    catchUp(world);
    return world;
  };
  return {
    /** The machines of a tenant and of all below it, or every machine. */
    machines: (tenantId?: string): MachineRow[] => machineRows(world, tenantId),
    machine: (id: string): MachineRow => rowOf(world, theMachine(caughtUp(), id).agent.id)!,
    /** Adds a machine, as if somebody had installed an agent on it. */
    addMachine: (machine: NewMachine) => addMachine(caughtUp(), machine),
    /** Adds a machine to the tenant of a registration token. Throws as the installer refuses. */
    registerMachine: (machine: NewRegistration) => registerMachine(caughtUp(), machine),
    setOnline(id: string, online: boolean) {
      theMachine(caughtUp(), id).agent.online = online;
    },
    /** Runs one backup for each plan of the machine, with this result: `ok`, `warning`, `error`. */
    backUp(resourceId: string, result = 'ok') {
      const backups = backupsOf(caughtUp(), resourceId);
      if (backups.length === 0) throw new Error(`no plan backs up ${resourceId}`);
      for (const one of backups) {
        startRun(world, one);
        finishRuns(world, result, one);
      }
    },
    /** How the next backups of the machine end that have no other result: scheduled ones, and those of `runPlan`. */
    planResults(id: string, ...results: string[]) {
      theMachine(caughtUp(), id).agent.nextResults.push(...results);
    },
    removeMachine: (id: string) => removeMachine(caughtUp(), id),
    /** Installs it again, with the same name and new ids. */
    reinstallMachine: (id: string, how?: Reinstallation) => reinstallMachine(caughtUp(), id, how),
    /** Has a machine installed once the next registration token has been issued. */
    playMachine: (script: MachineScript) => addScript(caughtUp(), script, 'machine'),
    /** Whether plans back up at the times of their schedule, from now on. */
    setScheduledBackups(on: boolean) {
      const at = new Date(caughtUp().time()).toISOString();
      for (const one of world.assignments.values()) one.scheduled_at = at;
      world.scheduledBackups = on;
    },
  };
}

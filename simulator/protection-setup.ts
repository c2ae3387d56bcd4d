import { addAlert, type NewAlert } from './alerts.js';
import { addMachine, type NewMachine } from './machines.js';
import { finishNow } from './delays.js';
import { finishRuns, startRun } from './runs.js';
import type { World } from './world.js';

/** How tests read and change machines, plans, alerts and reports without the API. */
export function protectionSetup(world: World) {
  const of = <T extends { tenantId: string }>(all: Iterable<T>, tenantId: string | undefined) =>
    [...all].filter((one) => tenantId === undefined || one.tenantId === tenantId);
  const ended = (id: string, outcome: string) => {
    const report = world.reports.get(id);
    if (report === undefined) throw new Error(`the simulator has no report ${id}`);
    finishNow(report.progress, outcome);
  };
  const applications = (resourceId?: string) =>
    [...world.assignments.values()].filter((one) => resourceId === undefined || one.resourceId === resourceId);
  return {
    agents: (tenantId?: string) => of(world.agents.values(), tenantId),
    resources: (tenantId?: string) =>
      of(world.resources.values(), tenantId).filter(({ deleted_at }) => deleted_at === null),
    plans: (tenantId?: string) => of(world.plans.values(), tenantId),
    applications,
    reports: (tenantId?: string) => of(world.reports.values(), tenantId),
    registrationTokens: (tenantId?: string) => of(world.registrationTokens.values(), tenantId),
    alerts: (tenantId?: string) => of(world.alerts.values(), tenantId),
    /** Adds a machine, as if somebody had installed an agent on it. */
    addMachine: (machine: NewMachine) => addMachine(world, machine),
    setOnline(agentId: string, online: boolean) {
      const agent = world.agents.get(agentId);
      if (agent === undefined) throw new Error(`the simulator has no agent ${agentId}`);
      agent.online = online;
    },
    /** Runs one backup for each plan of the machine, with this result: `ok`, `warning`, `error`. */
    backUp(resourceId: string, result = 'ok') {
      const backups = applications(resourceId).filter(({ policyType }) => policyType.startsWith('policy.backup.'));
      if (backups.length === 0) throw new Error(`no plan backs up ${resourceId}`);
      for (const one of backups) {
        startRun(world, one);
        finishRuns(world, result, one);
      }
    },
    /** Ends all running runs, with `ok` if no result is given. */
    finishRuns: (result = 'ok') => finishRuns(world, result),
    raiseAlert: (alert: NewAlert) => addAlert(world, alert).id,
    completeReport: (id: string) => ended(id, 'saved'),
    failReport: (id: string) => ended(id, 'failed'),
  };
}

import { addAlert, type NewAlert } from './alerts.js';
import { catchUp } from './catch-up.js';
import { machineSetup } from './machine-setup.js';
import { finishNow } from './delays.js';
import { finishRuns } from './runs.js';
import type { World } from './world.js';

/** How tests read and change machines, plans, alerts and reports without the API. */
export function protectionSetup(world: World) {
  const of = <T extends { tenantId: string }>(all: ReadonlyMap<unknown, T>, tenantId: string | undefined) => {
    catchUp(world);
    return [...all.values()].filter((one) => tenantId === undefined || one.tenantId === tenantId);
  };
  const ended = (id: string, outcome: string) => {
    const report = world.reports.get(id);
    if (report === undefined) throw new Error(`the simulator has no report ${id}`);
    finishNow(report.progress, outcome);
  };
  return {
    agents: (tenantId?: string) => of(world.agents, tenantId),
    resources: (tenantId?: string) => of(world.resources, tenantId).filter(({ deleted_at }) => deleted_at === null),
    plans: (tenantId?: string) => of(world.plans, tenantId),
    applications: (resourceId?: string) =>
      of(world.assignments, undefined).filter((one) => resourceId === undefined || one.resourceId === resourceId),
    reports: (tenantId?: string) => of(world.reports, tenantId),
    registrationTokens: (tenantId?: string) => of(world.registrationTokens, tenantId),
    alerts: (tenantId?: string) => of(world.alerts, tenantId),
    ...machineSetup(world),
    /** Ends all running runs, with `ok` if no result is given. */
    finishRuns: (result = 'ok') => finishRuns(world, result),
    raiseAlert: (alert: NewAlert) => addAlert(world, alert).id,
    completeReport: (id: string) => ended(id, 'saved'),
    failReport: (id: string) => ended(id, 'failed'),
  };
}

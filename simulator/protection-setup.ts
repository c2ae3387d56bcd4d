import { addAlert, type NewAlert } from './alerts.js';
import { addMachine, type NewMachine } from './machines.js';
import type { Assignment } from './protection.js';
import type { RegistrationToken } from './registration-tokens.js';
import type { Report } from './reports.js';
import { finishNow } from './delays.js';
import { finishRuns, startRun } from './runs.js';
import type { World } from './world.js';

interface PlanView {
  id: string;
  tenantId: string;
  policies: { id: string; type: string; name?: unknown }[];
}

/** How tests read and change machines, plans, alerts and reports without the API. */
export interface ProtectionSetup {
  agents(tenantId?: string): { id: string; tenantId: string; hostname: string; online: boolean }[];
  resources(tenantId?: string): { id: string; tenantId: string; name: string; type: string }[];
  plans(tenantId?: string): PlanView[];
  applications(resourceId?: string): Assignment[];
  reports(tenantId?: string): Report[];
  registrationTokens(tenantId?: string): RegistrationToken[];
  alerts(tenantId?: string): { id: string; type: string; severity: string; deletedAt: string | null }[];
  /** Adds a machine, as if somebody had installed an agent on it. */
  addMachine(machine: NewMachine): { agentId: string; resourceId: string };
  setOnline(agentId: string, online: boolean): void;
  /** Runs one backup for each plan of the machine, with this result: `ok`, `warning`, `error`. */
  backUp(resourceId: string, result?: string): void;
  /** Ends all running runs, with `ok` if no result is given. */
  finishRuns(result?: string): void;
  raiseAlert(alert: NewAlert): string;
  completeReport(reportId: string): void;
  failReport(reportId: string): void;
}

export function protectionSetup(world: World): ProtectionSetup {
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
    agents: (tenantId) => of(world.agents.values(), tenantId),
    resources: (tenantId) => of(world.resources.values(), tenantId).filter(({ deleted_at }) => deleted_at === null),
    plans: (tenantId) => of(world.plans.values(), tenantId),
    applications,
    reports: (tenantId) => of(world.reports.values(), tenantId),
    registrationTokens: (tenantId) => of(world.registrationTokens.values(), tenantId),
    alerts: (tenantId) => of(world.alerts.values(), tenantId),
    addMachine: (machine) => addMachine(world, machine),
    setOnline(agentId, online) {
      const agent = world.agents.get(agentId);
      if (agent === undefined) throw new Error(`the simulator has no agent ${agentId}`);
      agent.online = online;
    },
    backUp(resourceId, result = 'ok') {
      const backups = applications(resourceId).filter(({ policyType }) => policyType.startsWith('policy.backup.'));
      if (backups.length === 0) throw new Error(`no plan backs up ${resourceId}`);
      for (const one of backups) {
        startRun(world, one);
        finishRuns(world, result, one);
      }
    },
    finishRuns: (result = 'ok') => finishRuns(world, result),
    raiseAlert: (alert) => addAlert(world, alert).id,
    completeReport: (id) => ended(id, 'saved'),
    failReport: (id) => ended(id, 'failed'),
  };
}

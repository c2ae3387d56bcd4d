import { addAlert, type NewAlert } from './alerts.js';
import { addMachine, type NewMachine } from './machines.js';
import type { Assignment } from './protection.js';
import type { RegistrationToken } from './registration-tokens.js';
import type { Report } from './reports.js';
import { end } from './ripening.js';
import { endRuns, startRun } from './runs.js';
import type { World } from './world.js';

interface ShownPlan {
  id: string;
  tenantId: string;
  policies: { id: string; type: string; name?: unknown }[];
}

/** What tests see of machines, plans and reports, and what they make happen to them. */
export interface ProtectionArrangements {
  agents(tenantId?: string): { id: string; tenantId: string; hostname: string; online: boolean }[];
  resources(tenantId?: string): { id: string; tenantId: string; name: string; type: string }[];
  plans(tenantId?: string): ShownPlan[];
  applications(resourceId?: string): Assignment[];
  reports(tenantId?: string): Report[];
  registrationTokens(tenantId?: string): RegistrationToken[];
  alerts(tenantId?: string): { id: string; type: string; severity: string; deletedAt: string | null }[];
  /** As if somebody had installed an agent on a machine. */
  addMachine(machine: NewMachine): { agentId: string; resourceId: string };
  setOnline(agentId: string, online: boolean): void;
  /** A backup by each plan of the machine, from start to end: `ok`, `warning`, `error`. */
  backUp(resourceId: string, result?: string): void;
  /** Ends what is running: `ok` unless told otherwise. */
  finishRuns(result?: string): void;
  raiseAlert(alert: NewAlert): string;
  completeReport(reportId: string): void;
  failReport(reportId: string): void;
}

export function arrangeProtection(world: World): ProtectionArrangements {
  const of = <T extends { tenantId: string }>(all: Iterable<T>, tenantId: string | undefined) =>
    [...all].filter((one) => tenantId === undefined || one.tenantId === tenantId);
  const ended = (id: string, outcome: string) => {
    const report = world.reports.get(id);
    if (report === undefined) throw new Error(`the simulator has no report ${id}`);
    end(report.progress, outcome);
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
        endRuns(world, result, one);
      }
    },
    finishRuns: (result = 'ok') => endRuns(world, result),
    raiseAlert: (alert) => addAlert(world, alert).id,
    completeReport: (id) => ended(id, 'saved'),
    failReport: (id) => ended(id, 'failed'),
  };
}

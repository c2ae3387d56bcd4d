import { addAlert } from './alerts.js';
import { addMachine } from './machines.js';
import { applyPlan } from './plan-applications.js';
import type { Plan } from './plans.js';
import type { Assignment } from './protection.js';
import { addActivity, addTask } from './runs.js';
import type { World } from './world.js';

const HOUR_MS = 3_600_000;
const BACKUPS = 28;
const alertTypes = ['BackupFailed', 'AgentOffline', 'QuotaSoftExceeded', 'PlanApplied'];

/** Adds a machine whose plan has made a backup every 12 hours for two weeks. Some backups failed. */
export function addSampleProtection(world: World, tenantId: string): void {
  const registered = new Date(Date.now() - 30 * 24 * HOUR_MS);
  const { resourceId } = addMachine(world, { tenantId, hostname: 'ws-seeded.local', registered });
  const plan = addSamplePlan(world, tenantId, registered);
  const assignments = applyPlan(world, plan, [resourceId]);
  const backup = assignments.find(({ policyType }) => policyType === 'policy.backup.machine')!;
  for (let nth = BACKUPS; nth > 0; nth -= 1) addSampleBackup(world, backup, nth);
}

function addSamplePlan(world: World, tenantId: string, at: Date): Plan {
  const tenant_id = String(world.tenants.get(tenantId)!.numericId);
  const stamps = { created_at: at.toISOString(), updated_at: at.toISOString() };
  const facts = { origin: 'upstream', enabled: true, tenant_id, ...stamps };
  const root = {
    id: 'b1a5e000-0000-4000-8000-000000000001',
    type: 'policy.protection.total',
    name: 'Seeded plan',
    ...facts,
  };
  const backup = {
    id: 'b1a5e000-0000-4000-8000-000000000002',
    type: 'policy.backup.machine',
    name: 'Backup',
    parent_ids: [root.id],
    ...facts,
    settings_schema: '2.0',
    settings: { scheduling: { type: 'weekly' } },
  };
  const plan = { id: root.id, tenantId, policies: [root, backup], hiddenReads: 0 };
  world.plans.set(plan.id, plan);
  return plan;
}

function addSampleBackup(world: World, assignment: Assignment, nth: number): void {
  const at = new Date(Date.now() - nth * 12 * HOUR_MS).toISOString();
  const result = nth % 9 === 0 ? 'error' : nth % 5 === 0 ? 'warning' : 'ok';
  const task = addTask(world, { assignment, state: 'completed', result, at });
  addActivity(world, { assignment, state: 'completed', result, at, task });
  assignment.lastRun = at;
  assignment.lastResult = result;
  if (result === 'ok') assignment.lastSuccess = at;
  const type = alertTypes[nth % alertTypes.length]!;
  const details = { planId: assignment.planId, planName: 'Seeded plan', resourceId: assignment.resourceId };
  addAlert(world, { tenantId: assignment.tenantId, type, details, at });
}

import { nextRunOf } from './schedules.js';
import type { World } from './world.js';

/** The state of one policy on one machine. */
export interface Assignment {
  id: string;
  planId: string;
  policyId: string;
  policyType: string;
  policyName: string;
  tenantId: string;
  resourceId: string;
  lastRun: string | null;
  lastSuccess: string | null;
  lastResult: string | null;
  running: boolean;
  /** Until when its scheduled backups have been played, at first when it was applied. */
  scheduled_at: string;
  hiddenReads: number;
}

/** The protection status of a machine, over all policies that are applied to it. */
export function protectionOf(world: World, resourceId: string) {
  const applied = [...world.assignments.values()].filter((one) => one.resourceId === resourceId);
  const backups = applied.filter(({ policyType }) => policyType.startsWith('policy.backup.'));
  return {
    aggregate: { names: [...new Set(applied.map(({ policyName }) => policyName))], status: statusOf(applied, backups) },
    policies: applied.map((one) => ({
      id: one.policyId,
      type: one.policyType,
      status: one.running ? 'running' : (one.lastResult ?? 'idle'),
      last_run: one.lastRun,
      last_success_run: one.lastSuccess,
      next_run: nextRunOf(world, one),
    })),
  };
}

function statusOf(applied: readonly Assignment[], backups: readonly Assignment[]): string {
  if (applied.length === 0) return 'not_protected';
  if (backups.some(({ running }) => running)) return 'running';
  const results = backups.map(({ lastResult }) => lastResult);
  for (const bad of ['error', 'warning']) if (results.includes(bad)) return bad;
  return results.includes('ok') ? 'ok' : 'scheduled';
}

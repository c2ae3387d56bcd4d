import type { NewPolicy } from '../acronis/index.js';
import { durationMs } from '../contract/durations.js';
import type { BackupRule } from '../contract/plan-templates.js';

/** The types of the root policy of a plan and of its part that backs up whole machines. */
export const PLAN_ROOT = 'policy.protection.total';
export const MACHINE_BACKUP = 'policy.backup.machine';

/** A plan as it is ordered. */
export interface PlanWish {
  name: string;
  backup: BackupRule;
}

/**
 * The policies of a plan in the vendor's terms: the root, and the backup below it.
 * @see https://developer.acronis.com/doc/resource-policy-management/v4/guide/plans-and-policies/policy-settings/machine-backup
 */
export function policiesOf({ name, backup }: PlanWish, ids: { root: string; backup: string }): NewPolicy[] {
  const common = { enabled: true, origin: 'upstream' } as const;
  return [
    { id: ids.root, type: PLAN_ROOT, name, ...common },
    {
      id: ids.backup,
      type: MACHINE_BACKUP,
      parent_ids: [ids.root],
      ...common,
      settings_schema: '2.0',
      settings: backupSettings(backup),
    },
  ];
}

/** Backups are not split, because the size to split at overflows in the vendor's own templates. */
export function backupSettings(rule: BackupRule): object {
  return {
    archive: { name: '[Machine Name]-[Plan ID]-[Unique ID]A' },
    vault: { type: 'cloud', use_policy_credentials: true },
    retention: {
      rules: [{ max_age: { type: 'days', count: Math.ceil(durationMs(rule.keep) / durationMs('1 day')) } }],
      after_backup: true,
    },
    scheduling: scheduling(rule),
    compression: 'normal',
    format: 'auto',
    cbt: 'enable_and_use',
    fast_backup_enabled: true,
    multi_volume_snapshotting_enabled: true,
    preserve_file_security_settings: true,
    quiesce_snapshotting_enabled: true,
    silent_mode_enabled: true,
    vss: { enabled: true, provider: 'target_system_defined' },
    reattempts: { enabled: true, interval: { type: 'seconds', count: 30 }, max_attempts: 30 },
    vm_snapshot_reattempts: { enabled: true, interval: { type: 'minutes', count: 5 }, max_attempts: 3 },
    alerts: { enabled: true, max_days_without_backup: 5 },
  };
}

/** Only the first backup is a full one. A random delay prevents that all machines begin at the same minute. */
function scheduling({ days, at }: BackupRule): object {
  const [hour, minute] = at.split(':').map(Number);
  const weekdays = days.map((day) => day.slice(0, 3));
  const time = { weekdays, repeat_at: [{ hour, minute }] };
  return {
    enabled: true,
    scheme: 'always_incremental',
    backup_sets: [
      { type: 'auto', schedule: { type: 'weekly', alarms: { time }, conditions: {}, prevent_sleep: true } },
    ],
    max_parallel_backups: 2,
    rand_max_delay: { type: 'minutes', count: 30 },
    task_failure: { enabled: true, interval: { type: 'hours', count: 1 }, max_attempts: 12 },
    weekly_backup_day: 'mon',
  };
}

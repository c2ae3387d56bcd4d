import type { Assignment } from './protection.js';
import type { World } from './world.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The part of a policy's settings that says when it runs. */
interface Scheduling {
  enabled?: boolean;
  backup_sets?: { schedule?: { alarms?: { time?: { weekdays?: string[]; repeat_at?: TimeOfDay[] } } } }[];
}
interface TimeOfDay {
  hour: number;
  minute?: number;
}

/** The next time of the schedule after this one, in UTC. Undefined without a weekly schedule. */
export function nextTime(settings: unknown, after: number): number | undefined {
  const { scheduling } = (settings ?? {}) as { scheduling?: Scheduling };
  if (scheduling === undefined || scheduling.enabled === false) return undefined;
  const times = (scheduling.backup_sets ?? []).flatMap(({ schedule }) =>
    timesAfter(schedule?.alarms?.time ?? {}, after),
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

function timesAfter({ weekdays, repeat_at = [] }: { weekdays?: string[]; repeat_at?: TimeOfDay[] }, after: number) {
  const midnight = Math.floor(after / DAY_MS) * DAY_MS;
  return [0, 1, 2, 3, 4, 5, 6, 7]
    .map((days) => midnight + days * DAY_MS)
    .filter((day) => weekdays?.includes(dayNames[new Date(day).getUTCDay()]!) ?? true)
    .flatMap((day) => repeat_at.map(({ hour, minute = 0 }) => day + (hour * 60 + minute) * MINUTE_MS))
    .filter((time) => time > after);
}

/** Milliseconds of the next scheduled backup of a machine. Undefined if none will come. */
export function nextBackupAt(
  world: World,
  { planId, policyId, policyType, scheduled_at }: Assignment,
): number | undefined {
  if (!world.scheduledBackups || !policyType.startsWith('policy.backup.')) return undefined;
  const policies = world.plans.get(planId)?.policies ?? [];
  const own = policies.find(({ id }) => id === policyId);
  if (own?.['enabled'] !== true || policies[0]?.['enabled'] !== true) return undefined;
  return nextTime(own['settings'], Date.parse(scheduled_at));
}

/** The time of the next scheduled backup as the API shows it. */
export function nextRunOf(world: World, assignment: Assignment): string | null {
  const at = nextBackupAt(world, assignment);
  return at === undefined ? null : new Date(at).toISOString();
}

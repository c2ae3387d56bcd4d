import { ApplicationFailure } from '@temporalio/common';
import { collect, isHidden, unlessNotFound, type Acronis, type Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { ProtectionSight } from '../contract/protection.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { lookAtMachines } from './protected-machines.js';
import { checkSeenAsMeant, type MeantTenant } from './still-meant.js';
import { findSwitchedOff } from './tenant-refs.js';

interface ProtectionSpec extends TenantSpec {
  /** When the run was started, in ISO 8601: older backups may be of another time. */
  since?: string;
}

interface WatchSpec extends ProtectionSpec {
  /** What the run has seen last: the look ends once it sees something else. */
  seen?: ProtectionSight;
  /** How long to wait before the first look. Milliseconds. */
  pauseMs?: number;
  meant?: MeantTenant;
}

/** The pauses between looks double up to an hour, and after a week to six. */
const FIRST_PAUSE_MS = 5000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** A tenant that the cloud does not show for so long is gone. It may forget one for a moment. */
const GONE_AFTER_MS = HOUR_MS;
const MISSING_PAUSE_MS = 5 * 60_000;

export function createProtectionActivities(dependencies: ActivityDependencies) {
  return {
    /** How far the protection of a customer is. Changes nothing. Fails when the cloud does not show the tenant. */
    findProtection: activity.look(
      dependencies,
      async (spec: ProtectionSpec, attempt): Promise<Outcome<ProtectionSight>> => {
        const tenant = await attempt.acronis.tenants.get(spec.tenantId, { allowDeleted: true });
        return { result: await sightOf(tenant, spec, attempt) };
      },
    ),
    /**
     * The same, once it differs from what the run has seen; until then it fails, to be tried again after a pause that
     * grows from five seconds to an hour, and to six hours after a week. Changes nothing. A tenant is gone once it is
     * deleted, or when the cloud has not shown it for an hour. Fails with `Tenantry.Unexpected` when the tenant seems to be
     * another customer's by now.
     */
    watchProtection: activity.look(dependencies, watchProtection),
  };
}

async function watchProtection(spec: WatchSpec, attempt: Attempt): Promise<Outcome<ProtectionSight>> {
  if (spec.pauseMs !== undefined && attempt.earlierAttempts === 0) throw again('the look is not due yet', spec.pauseMs);
  const { tenantId, meant, seen } = spec;
  const { acronis, memory } = attempt;
  const tenant = await unlessNotFound(async () => await acronis.tenants.get(tenantId, { allowDeleted: true }));
  if (tenant === undefined && !isLongMissing(attempt))
    throw again('the cloud does not show the tenant now; the look is repeated', MISSING_PAUSE_MS);
  if (tenant !== undefined) delete memory.missingSince;
  if (tenant !== undefined && tenant.deleted_at === null && meant !== undefined) checkSeenAsMeant(tenant, meant);
  const sight = await sightOf(tenant, spec, attempt);
  // the cloud has answered: trouble of last month does not count for trouble of today
  memory.failures = {};
  delete memory.firstFailedAt;
  if (seen === undefined || !isSameSight(seen, sight)) return { result: sight };
  throw again('nothing new at the customer; the look is repeated', pauseBefore(attempt));
}

function again(message: string, nextRetryDelay: number): ApplicationFailure {
  return ApplicationFailure.create({ message, type: FailureType.NotReady, nextRetryDelay });
}

function isLongMissing({ memory, now }: Attempt): boolean {
  memory.missingSince ??= now();
  return now() - memory.missingSince >= GONE_AFTER_MS;
}

/** How long to wait before the next look. Milliseconds. */
function pauseBefore({ earlierAttempts, orderedAt, now }: Attempt): number {
  const longest = now() - orderedAt < WEEK_MS ? HOUR_MS : 6 * HOUR_MS;
  return Math.min(longest, FIRST_PAUSE_MS * 2 ** Math.min(earlierAttempts, 20));
}

function isSameSight(one: ProtectionSight, other: ProtectionSight): boolean {
  const parts = ({ tenant, activated, online, machines, offline = 0, bare }: ProtectionSight) => {
    const { registered, withPlan, protected: good, failing } = machines;
    return JSON.stringify([tenant, activated, online, registered, withPlan, good, failing, offline, bare]);
  };
  return parts(one) === parts(other);
}

async function sightOf(
  tenant: Tenant | undefined,
  { tenantId, since }: ProtectionSpec,
  { acronis, now }: Attempt,
): Promise<ProtectionSight> {
  if (tenant === undefined) return nothingThere('gone');
  if (tenant.deleted_at !== null) return { ...nothingThere('gone'), deleted: true };
  if ((await findSwitchedOff(acronis, tenant)) !== undefined) return nothingThere('off');
  const times = { since: since === undefined ? now() : Date.parse(since), now: now() };
  const [activated, { online, offline, machines, bare }] = await Promise.all([
    canLogIn(acronis, tenantId),
    lookAtMachines(acronis, tenantId, times),
  ]);
  return { tenant: 'on', activated, online, machines, ...(offline ? { offline } : {}), bare };
}

function nothingThere(tenant: 'off' | 'gone'): ProtectionSight {
  const machines = { registered: 0, withPlan: 0, protected: 0, failing: 0 };
  return { tenant, activated: false, online: false, machines, bare: [] };
}

/** False also when the customer does not show us its users. */
async function canLogIn(acronis: Acronis, tenantId: string): Promise<boolean> {
  try {
    const users = await collect(acronis.users.list({ tenantId }));
    return users.some(({ enabled, activated }) => enabled && activated === true);
  } catch (error) {
    if (!isHidden(error)) throw error;
    return false;
  }
}

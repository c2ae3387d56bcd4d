import { ApplicationFailure } from '@temporalio/common';
import { collect, isHidden, unlessNotFound, type Acronis } from '../acronis/index.js';
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
  meant?: MeantTenant;
}

/** The pauses between looks double up to an hour, and after a week to six. */
const FIRST_PAUSE_MS = 5000;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

export function createProtectionActivities(dependencies: ActivityDependencies) {
  return {
    /** How far the protection of a customer is. Changes nothing. */
    findProtection: activity.look(
      dependencies,
      async (spec: ProtectionSpec, { acronis }): Promise<Outcome<ProtectionSight>> => {
        return { result: await lookAtProtection(spec, acronis) };
      },
    ),
    /**
     * The same, once it differs from what the run has seen; until then it fails, to be tried again after a pause that
     * grows from five seconds to an hour, and to six hours after a week. Changes nothing. Fails with `Tenantry.Unexpected`
     * when the tenant seems to be another customer's by now.
     */
    watchProtection: activity.look(dependencies, watchProtection),
  };
}

async function watchProtection(spec: WatchSpec, attempt: Attempt): Promise<Outcome<ProtectionSight>> {
  const sight = await lookAtProtection(spec, attempt.acronis);
  // the cloud has answered: trouble of last month does not count for trouble of today
  attempt.memory.failures = {};
  delete attempt.memory.firstFailedAt;
  if (spec.seen === undefined || !isSameSight(spec.seen, sight)) return { result: sight };
  throw ApplicationFailure.create({
    message: 'nothing new at the customer; the look is repeated',
    type: FailureType.NotReady,
    nextRetryDelay: pauseBefore(attempt),
  });
}

/** How long to wait before the next look. Milliseconds. */
function pauseBefore({ earlierAttempts, orderedAt, now }: Attempt): number {
  const longest = now() - orderedAt < WEEK_MS ? HOUR_MS : 6 * HOUR_MS;
  return Math.min(longest, FIRST_PAUSE_MS * 2 ** Math.min(earlierAttempts, 20));
}

function isSameSight(one: ProtectionSight, other: ProtectionSight): boolean {
  const parts = ({ tenant, activated, online, machines, bare }: ProtectionSight) => {
    const { registered, withPlan, protected: good, failing } = machines;
    return JSON.stringify([tenant, activated, online, registered, withPlan, good, failing, bare]);
  };
  return parts(one) === parts(other);
}

async function lookAtProtection(
  { tenantId, since, meant }: ProtectionSpec & { meant?: MeantTenant },
  acronis: Acronis,
): Promise<ProtectionSight> {
  const tenant = await unlessNotFound(async () => await acronis.tenants.get(tenantId, { allowDeleted: true }));
  if (tenant === undefined || tenant.deleted_at !== null) return nothingThere('gone');
  if (meant !== undefined) checkSeenAsMeant(tenant, meant);
  if ((await findSwitchedOff(acronis, tenant)) !== undefined) return nothingThere('off');
  const [activated, { online, machines, bare }] = await Promise.all([
    canLogIn(acronis, tenantId),
    lookAtMachines(acronis, tenantId, since),
  ]);
  return { tenant: 'on', activated, online, machines, bare };
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

import type { Child } from '../../contract/children.js';
import type { CustomerBlocked, CustomerRun } from '../../contract/customer-runs.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { isSameId } from '../../contract/ids.js';
import { everyMilestone } from '../../contract/milestones.js';
import { PROTECT_CUSTOMER } from '../protect-customer/contract.js';
import type { ProtectionTrouble } from './onboarding.js';
import type { Progress } from './progress.js';
import type { WantedCustomer } from './wanted.js';

type OpenRun = Pick<Child, 'id' | 'operation' | 'status'> | undefined;

/** How far the tenant is on the way from sold to protected, as the status shows it. `child`: the open run that protects it. */
export function protectionStatus(
  { tenant, onboarding, runs }: Progress,
  { protect }: Pick<WantedCustomer, 'protect'>,
  child: OpenRun,
): Pick<CustomerStatus, 'milestones' | 'protection'> {
  const known = tenant && onboarding && isSameId(onboarding.tenantId, tenant.tenantId) ? onboarding : undefined;
  const { done, heard, trouble, run: open } = known ?? {};
  const asked = protect ?? open?.wanted ?? done;
  const former = heard && runs.findLast(({ operation }) => operation === PROTECT_CUSTOMER);
  const run = open && child ? runningOf(child) : former;
  const blocked = (open && blockOf(child)) ?? blockedBy(trouble);
  return {
    milestones: everyMilestone(known?.milestones),
    ...(asked && { protection: { ...asked, ...(run && { run }), ...heard, ...(blocked && { blocked }) } }),
  };
}

/** A customer at rest is blocked when the protection of its machines is. */
export function orBlockedBeside<Standing extends Pick<CustomerStatus, 'state' | 'blocked'>>(
  standing: Standing,
  { protection }: Pick<CustomerStatus, 'protection'>,
): Standing {
  const blocked = protection?.blocked;
  return standing.state === 'steady' && blocked ? { ...standing, state: 'blocked', blocked } : standing;
}

/** A run as the status shows it. */
export function runningOf({ operation, id, status }: OpenRun & {}): CustomerRun {
  return { operation, id, state: status.state, ...('waitsFor' in status && { waitsFor: status.waitsFor }) };
}

/** Why a run does not go on by itself. */
export function blockOf(child: OpenRun): CustomerBlocked | undefined {
  if (child?.status.state !== 'blocked') return undefined;
  const { type, message, since, choices } = child.status.blocked;
  return { type, message, since, run: child.id, choices };
}

function blockedBy(trouble: ProtectionTrouble | undefined): CustomerBlocked | undefined {
  if (trouble === undefined) return undefined;
  const { wanted: _wanted, retryAt: _retryAt, ...blocked } = trouble;
  return blocked;
}

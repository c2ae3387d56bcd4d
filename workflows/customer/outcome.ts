import type { RunStatus } from '../../contract/children.js';
import type { NotDone, TenantState } from '../../contract/customers.js';
import { FailureType } from '../../contract/failures.js';
import { OFFBOARD_CUSTOMER } from '../offboard-customer/contract.js';
import { appliedAfter } from './applied.js';
import { wantedAt } from './different.js';
import { agreement, type AppliedTenant } from './intention.js';
import type { CurrentRun, Progress } from './progress.js';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Ended<Status> {
  current: CurrentRun;
  status: Status;
  /** Milliseconds of the epoch. */
  now: number;
}

/** The progress after the run of the customer has done what was intended. */
export function afterCompletion(
  { tenant, gone, seen: _seen, existing: _existing, agreed, setAside, ...rest }: Progress,
  { current, status, wanted, now }: Ended<Extract<RunStatus, { state: 'completed' }>> & { wanted: TenantState },
): Progress {
  const before = tenant ?? gone?.tenant;
  const { operation } = current.intended;
  const { notDone = [] } = status as { notDone?: NotDone[] };
  const after = appliedAfter(before, current.intended, status.tenantId ?? before?.tenantId ?? '');
  const hasEnded = operation === OFFBOARD_CUSTOMER && before !== undefined;
  return {
    ...rest,
    agreed: without(agreed, ['create', 'offboard']),
    setAside: { ...setAside, ...setAsideFields(notDone, wanted, now) },
    ...(hasEnded && { gone: { tenant: { ...before, enabled: false }, isRestorable: true } }),
    ...(after && { tenant: keepFields(after, before, notDone) }),
  };
}

/** The progress after a run that did not complete. A run that was overtaken has not failed. */
export function afterFailure(progress: Progress, { current, status, now }: Ended<RunStatus>): Progress {
  const { operation } = current.intended;
  if (operation === 'restoreCustomer' && progress.gone !== undefined)
    return { ...progress, gone: { ...progress.gone, isRestorable: false } };
  const agreed = operation === OFFBOARD_CUSTOMER ? without(progress.agreed, ['offboard']) : progress.agreed;
  if (current.isCancelled) return { ...progress, agreed };
  const { reason } = status as { reason?: { type: string; message: string } };
  const { type = FailureType.Internal, message = `it ended as ${status.state}` } = reason ?? {};
  const since = new Date(now).toISOString();
  return { ...progress, agreed, trouble: { type, message, since, run: current.id, intended: current.intended } };
}

/** What an operation has left as it was, because the tenant uses more. */
function setAsideFields(notDone: readonly NotDone[], tenant: TenantState, now: number): Progress['setAside'] {
  const retryAt = new Date(now + DAY_MS).toISOString();
  return Object.fromEntries(
    notDone.map(({ field, why }) => [field, { field, why, retryAt, wanted: agreement(wantedAt(field, tenant)) }]),
  );
}

/** Fields that were not done stay as they were applied before. */
function keepFields(
  after: AppliedTenant,
  before: AppliedTenant | undefined,
  notDone: readonly NotDone[],
): AppliedTenant {
  if (before === undefined) return after;
  const items = (kind: string) =>
    notDone.flatMap(({ field }) => (field.startsWith(`${kind}.`) ? field.slice(kind.length + 1) : []));
  const quotas = items('quotas').flatMap((item) => (before.quotas[item] ? [[item, before.quotas[item]] as const] : []));
  const on = items('offeringItems').filter((item) => before.offeringItems.includes(item));
  return {
    ...after,
    quotas: { ...after.quotas, ...Object.fromEntries(quotas) },
    offeringItems: [...new Set([...after.offeringItems, ...on])].toSorted(),
  };
}

function without(agreed: Progress['agreed'], fields: readonly string[]): Progress['agreed'] {
  return Object.fromEntries(Object.entries(agreed).filter(([field]) => !fields.includes(field)));
}

import type { RunStatus } from '../../contract/children.js';
import type { IntendedOperation, NotDone, TenantState, WantedQuota } from '../../contract/customers.js';
import { FailureType } from '../../contract/failures.js';
import { OFFBOARD_CUSTOMER } from '../offboard-customer/contract.js';
import { PROVISION_CUSTOMER } from '../provision-customer/contract.js';
import { appliedAfter } from './applied.js';
import { cutsIn } from './entitlement.js';
import { withFallen } from './falls.js';
import { agreement, type AppliedTenant } from './intention.js';
import { provisionedAt } from './onboarding.js';
import { takesAway, type CurrentRun, type Progress } from './progress.js';
import { withTrouble } from './troubles.js';

const DAY_MS = 24 * 60 * 60 * 1000;

interface Ended<Status> {
  current: CurrentRun;
  status: Status;
  /** Milliseconds of the epoch. */
  now: number;
}

/** The progress after the run of the customer has done what was intended. */
export function afterCompletion(
  { tenant, gone, seen, existing: _existing, agreed, setAside, falls, mayBeDisabled, ...rest }: Progress,
  { current: { intended }, status, now }: Ended<Extract<RunStatus, { state: 'completed' }>>,
): Progress {
  const before = tenant ?? gone?.tenant;
  const { notDone = [] } = status as { notDone?: LeftUndone[] };
  const tenantId = status.tenantId ?? before?.tenantId ?? '';
  const applied = (was: AppliedTenant | undefined) => {
    const after = appliedAfter(was, intended, tenantId);
    return after && was ? keepFields(after, was, notDone) : after;
  };
  const after = applied(before);
  const { identity: _identity, ...inCloud } = (seen && applied({ ...seen.tenant, exists: true })) ?? {};
  const hasEnded = intended.operation === OFFBOARD_CUSTOMER && before !== undefined;
  const yes = usedUp(intended).filter((field) => field in agreed || setAside[field]?.isAgreed);
  const decided = { agreed: yes, now };
  return {
    ...rest,
    agreed: without(agreed, usedUp(intended)),
    setAside: { ...untouched(setAside, intended.input), ...setAsideFields(notDone, intended.input, decided) },
    ...(intended.operation === PROVISION_CUSTOMER && {
      onboarding: provisionedAt(tenantId, rest.onboarding, status.updatedAt),
    }),
    ...(falls && { falls: withFallen(falls, before?.quotas ?? {}, after?.quotas ?? {}, decided) }),
    ...(hasEnded && { gone: { tenant: { ...before, enabled: false }, isRestorable: true } }),
    ...(after && { tenant: after }),
    ...(seen && after && { seen: { at: seen.at, tenant: { ...seen.tenant, ...inCloud } } }),
    ...(mayBeDisabled && !switches.has(intended.operation) && { mayBeDisabled }),
  };
}

/** Each yes that an operation has used: the next time, it is asked again. */
function usedUp({ operation, input }: IntendedOperation): string[] {
  if (operation === PROVISION_CUSTOMER) return ['create'];
  if (operation === OFFBOARD_CUSTOMER) return ['offboard'];
  return Object.keys(cutsIn(input));
}

/** After one of these it is known whether the tenant is enabled. */
const switches: ReadonlySet<string> = new Set(['enableTenant', 'restoreCustomer', ...takesAway]);

/**
 * The progress after a run that did not complete. A run that was overtaken has not failed. One that was to disable the
 * tenant may have done so, and may have been unable to take it back.
 */
export function afterFailure(
  progress: Progress,
  { current, status, now, wanted }: Ended<RunStatus> & { wanted: string },
): Progress {
  const { operation } = current.intended;
  const { reason } = status as { reason?: { type: string; message: string } };
  // a yes to the end is used up, unless nothing was done; a person who has stopped the end must say it again
  const isUsed = operation === OFFBOARD_CUSTOMER && reason?.type !== FailureType.Refused;
  const left: Progress = {
    ...progress,
    ...(isUsed && { agreed: without(progress.agreed, ['offboard']) }),
    ...(takesAway.has(operation) && { mayBeDisabled: true }),
  };
  if (current.isCancelled) return left;
  const { type = FailureType.Internal, message = `it ended as ${status.state}` } = reason ?? {};
  const since = new Date(now).toISOString();
  return withTrouble(left, { type, message, since, run: current.id, intended: current.intended, wanted });
}

/** What an operation has left as it was, because the tenant uses more. */
function setAsideFields(
  notDone: readonly NotDone[],
  ordered: object,
  { agreed, now }: { agreed: readonly string[]; now: number },
): Progress['setAside'] {
  const retryAt = new Date(now + DAY_MS).toISOString();
  const { quotas = {} } = ordered as Partial<TenantState>;
  const valueOf = (field: string) => (field.startsWith(QUOTAS) ? quotas[field.slice(QUOTAS.length)] : false);
  return Object.fromEntries(
    notDone.map(({ field, why }) => {
      const isAgreed = agreed.includes(field) && { isAgreed: true as const };
      return [field, { field, why, retryAt, wanted: agreement(valueOf(field)), ...isAgreed }];
    }),
  );
}

/** What an operation was not about. */
function untouched(setAside: Progress['setAside'], ordered: object): Progress['setAside'] {
  const cuts = cutsIn(ordered);
  return Object.fromEntries(Object.entries(setAside).filter(([field]) => !(field in cuts)));
}

const QUOTAS = 'quotas.';

/** A field that was not done; `limitedTo`: the quota that it has got instead. */
type LeftUndone = NotDone & { limitedTo?: WantedQuota };

/** Fields that were not done stay as they were applied before; an item without a quota is unlimited. */
function keepFields(after: AppliedTenant, before: AppliedTenant, notDone: readonly LeftUndone[]): AppliedTenant {
  const items = (kind: string) =>
    notDone.flatMap(({ field }) => (field.startsWith(`${kind}.`) ? field.slice(kind.length + 1) : []));
  const kept = new Set(items('quotas'));
  const others = Object.entries(after.quotas).filter(([item]) => !kept.has(item));
  const limited = Object.fromEntries(
    notDone.flatMap(({ field, limitedTo }) => (limitedTo ? [[field.slice(QUOTAS.length), limitedTo]] : [])),
  );
  const former = Object.entries({ ...before.quotas, ...limited }).filter(([item]) => kept.has(item));
  const on = items('offeringItems').filter((item) => before.offeringItems.includes(item));
  return {
    ...after,
    quotas: Object.fromEntries([...others, ...former].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    offeringItems: [...new Set([...after.offeringItems, ...on])].toSorted(),
  };
}

/** The record without these fields. */
export function without<T>(record: Readonly<Record<string, T>>, fields: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.includes(field)));
}

/** The progress when all that was ordered concerns what somebody has switched off: it stays off, and counts as applied. */
export function afterNothing({ tenant, agreed, ...rest }: Progress, intended: IntendedOperation): Progress {
  const after = tenant && appliedAfter(tenant, intended, tenant.tenantId);
  return { ...rest, agreed: without(agreed, usedUp(intended)), ...(after && { tenant: after }) };
}

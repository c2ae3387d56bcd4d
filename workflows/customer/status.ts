import type { Child } from '../../contract/children.js';
import {
  LOOKS_EXISTING,
  type CustomerStart,
  type CustomerState,
  type CustomerStatus,
  type FoundTenant,
  type MovedSubscription,
  type NotDone,
  type SubscriptionStatus,
  type TenantState,
} from '../../contract/customers.js';
import { ASKS } from '../../contract/customer-questions.js';
import type { CustomerBlocked } from '../../contract/customer-runs.js';
import { FailureType } from '../../contract/failures.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { OFFBOARD_CUSTOMER } from '../offboard-customer/contract.js';
import { comingOf } from './coming.js';
import { differentFields, wantedAt } from './different.js';
import { agreement, intendedOf, isSameOperation, type AppliedTenant, type Intention } from './intention.js';
import { countedLedger, movedOf } from './holdings.js';
import type { SubscriptionRecord } from './ledger.js';
import type { CustomerMemory } from './memory.js';
import { movedText } from './moved-text.js';
import { nextOperation } from './next-operation.js';
import { blockOf, orBlockedBeside, protectionStatus, runningOf } from './protection-status.js';
import { isHalted, mayBeginAt, noProgress, type Progress } from './progress.js';
import { standingOf } from './standing.js';
import { troubleWith } from './troubles.js';
import { untakenOf, wantedBy } from './untaken.js';
import { quantityOf, type WantedCustomer } from './wanted.js';

/** What a customer is doing, as its status shows it. */
export interface Doing {
  progress: Progress;
  intention: Intention;
  /** The run that it has started or waits for. */
  child?: Pick<Child, 'id' | 'operation' | 'status'> | undefined;
  /** The run that protects its machines. */
  protecting?: Doing['child'];
  /** The operation for which the brake was asked and has not answered. */
  braked?: string | undefined;
}

/** More than this a customer with many subscriptions does not show. */
const MOST_LATER = 20;

/** How a customer would stand of whom only this is known. */
export function observedStatus(start: CustomerStart, memory: CustomerMemory, now: number): CustomerStatus {
  const intention = nextOperation({ ...start, wanted: wantedBy(memory, now) });
  return statusOf(start, memory, { progress: noProgress(), intention }, { now });
}

/** The answer of the query, from what is known and the time. */
export function statusOf(
  { ref, cloud }: CustomerStart,
  memory: CustomerMemory,
  doing: Doing,
  { now, beingRead = 0 }: { now: number; beingRead?: number },
): CustomerStatus {
  const { ledger, inbox, waiting = [], events } = memory;
  const wanted = wantedBy(memory, now);
  const records = Object.values(ledger.subscriptions);
  const notDone = notDoneOf(wanted, doing, untakenOf(memory));
  const [next, ...later] = comingOf(countedLedger(memory), now);
  const protection = protectionStatus(doing.progress, wanted, doing.protecting);
  const unread = beingRead + inbox.length + waiting.length;
  return {
    ref,
    cloud: cloud ?? DEFAULT_CLOUD,
    ...orBlockedBeside(stateOf(doing, { wanted, moved: movedText(memory, cloud), now }), protection),
    subscriptions: records.map((record) => toStatus(record, movedOf(memory, record), now)),
    wanted: wanted.tenant,
    ...tenantOf(doing.progress),
    ...protection,
    ...(notDone.length > 0 && { notDone }),
    ...(next && { next }),
    ...(later.length > 0 && { later: later.slice(0, MOST_LATER) }),
    ...doingNow(doing),
    ...(unread > 0 && { unread }),
    events,
    runs: doing.progress.runs,
  };
}

/** True when nothing is left to do for what has been sold. */
export function isDone({ state, notDone, wouldDo, unread }: CustomerStatus): boolean {
  const isAtRest = state === 'steady' || state === 'suspended' || state === 'ended';
  return isAtRest && notDone === undefined && wouldDo === undefined && unread === undefined;
}

function tenantOf({ tenant, seen }: Progress): Partial<CustomerStatus> {
  if (tenant === undefined) return {};
  const different = seen === undefined ? [] : differentFields(tenant, seen.tenant, seen.at);
  return {
    tenantId: tenant.tenantId,
    applied: shown(tenant, seen?.tenant),
    ...(different.length > 0 && { different }),
  };
}

function doingNow({ progress: { paused, held, requests }, intention, child }: Doing): Partial<CustomerStatus> {
  return {
    ...(requests && { requests }),
    ...(paused && { paused }),
    ...(held && { held }),
    ...(child && { running: runningOf(child) }),
    ...(intention.kind === 'operation' &&
      child === undefined && {
        wouldDo: { operation: intention.operation, why: intention.why, input: intention.input },
      }),
  };
}

/** What the tenant has: as the cloud has shown it, where somebody has looked; else as it was applied. */
function shown(
  { tenantId: _tenantId, identity: _identity, ...applied }: AppliedTenant,
  seen: FoundTenant | undefined,
): TenantState {
  if (seen === undefined) return applied;
  const { tenantId: _id, kind: _kind, customerId: _customerId, tag: _tag, deletedAt, ...is } = seen;
  return { exists: deletedAt === undefined, ...is };
}

function notDoneOf(
  { tenant, setAside, asksToSuspend = [] }: WantedCustomer,
  { progress, intention }: Doing,
  untaken: NotDone[],
): NotDone[] {
  const below = Object.values(progress.setAside)
    .filter(({ field, wanted }) => agreement(wantedAt(field, tenant)) === wanted)
    .map(({ field, why }) => ({ field, why }));
  const isAgreed = progress.agreed['suspend'] === agreement(asksToSuspend);
  const asked = isAgreed ? [] : asksToSuspend.map((why) => ({ field: 'suspend', why }));
  return [...setAside, ...below, ...(intention.kind === 'asks' ? intention.open : untaken), ...asked];
}

function waitingForOf({ progress: { existing }, intention, braked }: Doing): string | undefined {
  if (braked !== undefined) return `the brake, which has not granted ${braked} yet: "tenantry brake status" says why`;
  if (intention.kind === 'waits') return intention.waitingFor;
  if (existing === undefined || !isSameOperation(existing.intended, intendedOf(intention))) return undefined;
  const tenants = existing.tenants
    .map(
      ({ tenantId, name, why, customer }) =>
        `${name} (${tenantId}, the same ${why}${customer ? `, of ${customer}` : ''})`,
    )
    .join(', ');
  return `${LOOKS_EXISTING}: ${tenants} may be this customer already. Adopt it, or say "converge" with "create"`;
}

/** Why the customer does not go on by itself: its run is blocked, or the last one has failed. */
function blockedOf({ progress, intention, child }: Doing): CustomerBlocked | undefined {
  if (child?.status.state === 'blocked') return blockOf(child);
  if (child !== undefined) return doubtOf(child, progress);
  if (intention.kind === 'asks') {
    const message = intention.open.map(({ field, why }) => `${field}: ${why}`).join('; ');
    return { type: ASKS, message };
  }
  const trouble = troubleWith(progress, intendedOf(intention));
  if (trouble === undefined) return undefined;
  const { intended: _intended, retryAt: _retryAt, isDropped: _isDropped, wanted: _wanted, ...blocked } = trouble;
  return blocked;
}

/** An offboarding whose end the sources do not confirm. */
function doubtOf({ id: run }: Pick<Child, 'id'>, { current }: Progress): CustomerBlocked | undefined {
  return current?.doubt && { type: FailureType.NotReady, message: current.doubt.why, since: current.doubt.since, run };
}

function stateOf(
  doing: Doing,
  { wanted, moved, now }: { wanted: WantedCustomer; moved: string | undefined; now: number },
): Pick<CustomerStatus, 'state' | 'blocked' | 'waitingFor' | 'observed'> {
  const { progress, intention, child } = doing;
  const { acts, paused, gone, tenant } = progress;
  const blocked = acts ? blockedOf(doing) : undefined;
  const waitingFor = waitingForOf(doing);
  const shownWait = waitingFor ?? moved;
  const about = { ...(blocked && { blocked }), ...(shownWait !== undefined && { waitingFor: shownWait }) };
  const state = (): CustomerState => {
    if (!acts) return 'observed';
    if (isHalted(paused, now)) return 'paused';
    if (blocked !== undefined) return 'blocked';
    if (child !== undefined) return child.operation === OFFBOARD_CUSTOMER ? 'ending' : 'converging';
    if (waitingFor !== undefined) return 'waiting';
    if (intention.kind === 'operation' && mayBeginAt(progress, { ...intention, wanted, now }) <= now)
      return 'converging';
    if (moved !== undefined) return 'waiting';
    if (tenant === undefined) return gone === undefined ? 'waiting' : 'ended';
    return tenant.enabled ? 'steady' : 'suspended';
  };
  return { state: state(), ...(!acts && { observed: true as const }), ...about };
}

function toStatus(record: SubscriptionRecord, moved: MovedSubscription | undefined, now: number): SubscriptionStatus {
  const { source, ref, items, until, trialEnd } = record;
  const { state, since } = standingOf(record, now);
  return {
    source,
    ref,
    items: items.map((item) => ({
      ...(item.plan !== undefined && { plan: item.plan }),
      ...(item.product !== undefined && { product: item.product }),
      quantity: quantityOf(record, item),
    })),
    state,
    since,
    ...(until !== undefined && { until }),
    ...(trialEnd !== undefined && { trialEnd }),
    ...(moved && { moved }),
  };
}

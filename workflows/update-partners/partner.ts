import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { PartnerItems } from '../../activities/partner-updates.js';
import { activities } from '../kernel/activity-options.js';
import { call } from '../kernel/activity-calls.js';
import { describeFailure } from '../kernel/describe-failure.js';
import type { ListedTenant } from '../kernel/for-each.js';
import type { MemberOutcome } from '../../contract/steps.js';
import { FailureType, type FailureFacts } from '../../contract/failures.js';
import { outageTypes, waitOutOutage } from '../cloud-trouble/outage.js';
import type { WaitingFor } from '../../contract/status.js';
import { Turns, type TenantTurnRequest } from '../turns/turns.js';
import { takeUnorderedTurn } from '../tenant-turn/take-turn.js';

/** One partner to update. */
export interface PartnerUpdate extends PartnerItems, ListedTenant {
  madeBy?: string | undefined;
  /** How long to wait for its turn. */
  turnWithin: '15 minutes' | '1 second';
  /** When its operation was started, in milliseconds since 1970; absent in runs of revision 1. */
  startedAt?: number;
  /** Absent in runs of older revisions. */
  noticesLostClaims?: true;
}

const refusals: readonly string[] = [
  FailureType.Rejected,
  FailureType.Forbidden,
  FailureType.Quota,
  FailureType.NotOffered,
  FailureType.NotFound,
];

/**
 * Updates one partner in its own turn. It never blocks for a person: a failure is its outcome. It waits out an outage.
 */
export async function updatePartner(wanted: PartnerUpdate): Promise<MemberOutcome> {
  const { name, madeBy, turnWithin, startedAt, noticesLostClaims, ...items } = wanted;
  const place = { ...items, name, madeBy };
  const { turn, leave, busyWith } = createTurn(place, { startedAt, noticesLostClaims });
  try {
    await CancellationScope.withTimeout(turnWithin, turn);
    return await updateInTurn(items, name);
  } catch (error) {
    if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    const run = busyWith();
    const reason = run === undefined ? 'its turn did not come in time' : `${run} is working there`;
    return { outcome: 'skipped', reason, apiCalls: 0 };
  } finally {
    await leave();
  }
}

/** How to take and release the turn at a partner, and which run is working there meanwhile. */
function createTurn(
  place: TenantTurnRequest,
  { startedAt, noticesLostClaims = false }: { startedAt?: number | undefined; noticesLostClaims?: boolean | undefined },
) {
  let busy: string | undefined;
  const busyWith = () => busy;
  if (startedAt === undefined)
    return {
      turn: async () => await takeUnorderedTurn(place, (waitsFor) => (busy = waitsFor)),
      leave: async () => undefined,
      busyWith,
    };
  // after a timeout, the outcome names the run that it waited for
  const onWaiting = (waiting?: WaitingFor) => (busy = waiting?.waitsFor ?? busy);
  const turns = new Turns({ onWaiting, startedAt, noticesLostClaims: () => noticesLostClaims });
  return { turn: async () => await turns.takeTenantTurn(place), leave: async () => await turns.release(), busyWith };
}

async function updateInTurn(items: PartnerItems, name: string): Promise<MemberOutcome> {
  try {
    return await update(items, name);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return { outcome: 'failed', reason: 'cancelled before it was known whether it took effect', apiCalls: 0 };
  }
}

async function update(items: PartnerItems, name: string): Promise<MemberOutcome> {
  const options = { summary: name, activityId: 'updatePartnerItems' };
  for (let last = false; ; last = true)
    try {
      const { changed, apiCalls } = await call(activities, 'updatePartnerItems', items, options);
      return { outcome: changed ? 'updated' : 'unchanged', apiCalls };
    } catch (error) {
      const { type, message, bug, facts } = describeFailure(error);
      if (bug || isCancellation(error)) throw error;
      const answer = toOutcome(type, message, facts);
      if (!outageTypes.includes(type)) return answer;
      const wasAway = await waitOutOutage({ cloud: items.cloud, type, message });
      // the cloud may have come back between the last attempt and this check
      if (last && !wasAway) return answer;
    }
}

/** A partner that may have been updated despite the failure is never `refused`. */
function toOutcome(type: string, message: string, { apiCalls, unsure }: Partial<FailureFacts> = {}): MemberOutcome {
  const outcome = refusals.includes(type) && unsure !== true ? 'refused' : 'failed';
  const reason = unsure === true ? `${message} (it may have been updated all the same)` : message;
  return { outcome, reason, apiCalls: apiCalls ?? 0 };
}

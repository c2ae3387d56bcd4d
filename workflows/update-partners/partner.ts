import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { PartnerItems } from '../../activities/partner-updates.js';
import { activities } from '../kernel/activity-options.js';
import { call } from '../kernel/activity-calls.js';
import { describeFailure } from '../kernel/describe-failure.js';
import type { Member } from '../kernel/for-each.js';
import type { MemberOutcome } from '../../contract/steps.js';
import { FailureType, type FailureFacts } from '../../contract/failures.js';
import { outageTypes, waitOutOutage } from '../cloud-trouble/outage.js';
import { Turns, type Place } from '../turns/turns.js';
import { takeTurn } from '../tenant-turn/take-turn.js';

/** One partner to update. */
export interface PartnerUpdate extends PartnerItems, Member {
  madeBy?: string | undefined;
  /** How long to wait for its turn. */
  turnWithin: '15 minutes' | '1 second';
  /** When its operation was started, in milliseconds since 1970; it comes with turns in order. */
  startedAt?: number;
}

const refusals: readonly string[] = [
  FailureType.Rejected,
  FailureType.Forbidden,
  FailureType.Quota,
  FailureType.NotOffered,
  FailureType.NotFound,
];

/** Updates one partner in its own turn. Asks nobody: what a person would have to decide is its answer. A cloud that is away it outlasts. */
export async function updatePartner(wanted: PartnerUpdate): Promise<MemberOutcome> {
  const { name, madeBy, turnWithin, startedAt, ...items } = wanted;
  const { turn, leave, busyWith } = turnAt({ ...items, name, madeBy }, startedAt);
  try {
    await CancellationScope.withTimeout(turnWithin, turn);
    return await updateInTurn(items, name);
  } catch (error) {
    if (!isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
    const run = busyWith();
    const reason = run === undefined ? 'its turn could not be taken in time' : `${run} is at work there`;
    return { outcome: 'skipped', reason, apiCalls: 0 };
  } finally {
    await leave();
  }
}

/** How to take the turn at a partner and to give it back, and who is at work there meanwhile. */
function turnAt(place: Place, startedAt?: number) {
  let busy: string | undefined;
  const busyWith = () => busy;
  if (startedAt === undefined)
    return {
      turn: async () => await takeTurn(place, (waitsFor) => (busy = waitsFor)),
      leave: async () => undefined,
      busyWith,
    };
  // once it has waited in vain, it says for whom
  const turns = new Turns({ tell: (waiting) => (busy = waiting?.waitsFor ?? busy), startedAt });
  return { turn: async () => await turns.at(place), leave: async () => await turns.leave(), busyWith };
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
  const telling = { summary: name, activityId: 'updatePartnerItems' };
  for (let last = false; ; last = true)
    try {
      const { changed, apiCalls } = await call(activities, 'updatePartnerItems', items, telling);
      return { outcome: changed ? 'updated' : 'unchanged', apiCalls };
    } catch (error) {
      const { type, message, bug, facts } = describeFailure(error);
      if (bug || isCancellation(error)) throw error;
      const answer = answerTo(type, message, facts);
      if (!outageTypes.includes(type)) return answer;
      const wasAway = await waitOutOutage({ cloud: items.cloud, type, message });
      // it may have come back between the last try and our asking
      if (last && !wasAway) return answer;
    }
}

/** What may have been updated all the same nobody may call refused. */
function answerTo(type: string, message: string, { apiCalls, unsure }: Partial<FailureFacts> = {}): MemberOutcome {
  const outcome = refusals.includes(type) && unsure !== true ? 'refused' : 'failed';
  const reason = unsure === true ? `${message} (it may have been updated all the same)` : message;
  return { outcome, reason, apiCalls: apiCalls ?? 0 };
}

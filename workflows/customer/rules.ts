import { durationMs } from '../../contract/durations.js';
import type { SaleRules } from '../../contract/sales-plans.js';
import type { Window } from './act-between.js';
import { isRecent } from './falls.js';
import type { SubscriptionRecord } from './ledger.js';
import { holding, type Standing } from './standing.js';
import type { WantedCustomer } from './wanted.js';

/** When the last subscription ended, and what the rules say about it. */
export interface Ending extends Pick<SaleRules['ended'], 'offboard' | 'grace'> {
  at: string;
}

/** True while some subscription is a reason to leave the customer enabled. */
export function isEnabled(standings: Standing[], now: number): boolean {
  return holding(standings).some(({ suspendedFrom }) => suspendedFrom === undefined || Date.parse(suspendedFrom) > now);
}

/** The most careful of the rules: one that asks, and the longest grace. It is no end while something begins later. */
export function endingOf(all: { record: SubscriptionRecord; standing: Standing }[]): Pick<WantedCustomer, 'ending'> {
  if (all.some(({ standing }) => standing.begins !== undefined)) return {};
  const rules = all.flatMap(({ record }) => Object.values(record.terms)).map((plan) => plan.rules.ended);
  const at = all
    .flatMap(({ standing }) => standing.ends ?? [])
    .toSorted()
    .at(-1);
  if (rules.length === 0 || at === undefined) return {};
  const [longest] = rules.toSorted((one, other) => durationMs(other.grace) - durationMs(one.grace));
  const offboard = rules.some((rule) => rule.offboard === 'ask') ? 'ask' : 'automatic';
  return { ending: { at, offboard, grace: longest!.grace } };
}

/** What the subscriptions had that have ended not long ago. */
export function endedItems(all: { record: SubscriptionRecord; standing: Standing }[], now: number): string[] {
  const ended = all.filter(({ standing: { state, since } }) => state === 'ended' && isRecent(since, now));
  const plans = ended.flatMap(({ record }) => Object.values(record.terms));
  return [...new Set(plans.flatMap(({ offeringItems }) => offeringItems))].toSorted();
}

/** The windows of all plans, each once. */
export function windowsOf(records: SubscriptionRecord[]): Window[] {
  const plans = records.flatMap(({ terms }) => Object.values(terms));
  const windows = plans.flatMap(({ rules: { actBetween }, timezone = 'UTC' }) =>
    actBetween === undefined ? [] : [{ between: actBetween, timezone }],
  );
  return [...new Map(windows.map((one) => [JSON.stringify(one), one])).values()];
}

/** It is asked once nothing but a question is a reason to leave the customer enabled. */
export function asksToSuspend(standings: Standing[], now: number): Pick<WantedCustomer, 'asksToSuspend'> {
  if (!isEnabled(standings, now)) return {};
  const reasons = holding(standings).filter(
    ({ suspendedFrom }) => suspendedFrom === undefined || Date.parse(suspendedFrom) > now,
  );
  const due = reasons.map(({ actions }) =>
    actions.filter((action) => action.do === 'ask' && Date.parse(action.at) <= now),
  );
  if (due.some((actions) => actions.length === 0)) return {};
  return { asksToSuspend: due.flat().map(({ at, why }) => `${why}, since ${at}`) };
}

import { durationMs } from '../../contract/durations.js';
import type { SubscriptionState } from '../../contract/facts.js';
import type { RuleAction, SaleRules } from '../../contract/sales-plans.js';
import type { SeenState, SubscriptionRecord } from './ledger.js';

/** A rule that comes true at a time. */
export interface DueAction {
  do: RuleAction;
  at: string;
  why: string;
}

/** How one subscription stands at a time. */
export interface Standing {
  state: SubscriptionState;
  /** When the present unbroken run of the state began. */
  since: string;
  /** False before it begins and after it has ended: then its items do not count. */
  isSold: boolean;
  /** When it begins, if that is still to come. */
  begins?: string;
  /** When it ended, or will end. */
  ends?: string;
  /**
   * From then on it is no reason to leave the customer enabled: each of its plans says so. Absent when one says never.
   */
  suspendedFrom?: string;
  /** What its rules say, in order of time, also of the past. */
  actions: DueAction[];
  /** Production may be asked for: it was paid for once, or it was no trial. */
  wasActive: boolean;
}

/** How a subscription stands, by its own facts, the rules of its plans, and the time. Milliseconds of the epoch. */
export function standingOf(record: SubscriptionRecord, now: number): Standing {
  const { state: seen, since } = presentState(record.states);
  const begins = Date.parse(since) > now && seen !== 'ended' ? since : undefined;
  const ends = seen === 'ended' ? earlier(since, record.until) : record.until;
  const hasEnded = ends !== undefined && Date.parse(ends) <= now;
  const state: SubscriptionState = hasEnded ? 'ended' : seen;
  const byPlan = Object.values(record.terms).map(({ rules }) => actionsOf(rules, record, { state, since, ends }));
  const suspendedFrom = lastOf(byPlan.map((actions) => actions.find((action) => action.do === 'suspend')?.at));
  return {
    state,
    since: hasEnded ? ends : since,
    isSold: begins === undefined && !hasEnded,
    ...(begins !== undefined && { begins }),
    ...(ends !== undefined && { ends }),
    ...(suspendedFrom !== undefined && { suspendedFrom }),
    actions: byPlan.flat().toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
    wasActive: wasActive(record.states, now),
  };
}

/** Whether it was active at some time. What was announced, and then overtaken before it began, does not count. */
function wasActive(states: SeenState[], now: number): boolean {
  return states.some(({ state, since, at }, index) => {
    const overtaken = states[index + 1]?.at;
    const until = overtaken === undefined ? now : Math.min(now, Date.parse(overtaken));
    return state === 'active' && Date.parse(since ?? at) <= until;
  });
}

function earlier(one: string, other: string | undefined): string {
  return other !== undefined && other < one ? other : one;
}

/** The newest state, and since when it has lasted. */
function presentState(states: SeenState[]): { state: SubscriptionState; since: string } {
  const { state } = states.at(-1)!;
  const start = states.findLastIndex((one) => one.state !== state) + 1;
  const run = states.slice(start);
  return { state, since: run.findLast((one) => one.since !== undefined)?.since ?? run[0]!.at };
}

/**
 * The subscriptions that are reasons to leave the customer enabled. One that has ended and whose rule never suspends is a
 * reason only while nothing else is sold.
 */
export function holding(standings: Standing[]): Standing[] {
  const isAnySold = standings.some(({ isSold }) => isSold);
  return standings.filter(
    ({ begins, isSold, suspendedFrom }) =>
      begins === undefined && (isSold || suspendedFrom !== undefined || !isAnySold),
  );
}

/** The latest time; undefined when one of them never comes, or when there are none. */
export function lastOf(times: (string | undefined)[]): string | undefined {
  if (times.length === 0 || times.includes(undefined)) return undefined;
  return (times as string[]).toSorted((one, other) => Date.parse(one) - Date.parse(other)).at(-1);
}

/** What the rules of one plan say, in order of time. A rule that never comes true is left out. */
function actionsOf(
  rules: SaleRules,
  { ref, trialEnd }: SubscriptionRecord,
  { state, since, ends }: { state: SubscriptionState; since: string; ends: string | undefined },
): DueAction[] {
  switch (state) {
    case 'past_due':
      return rules.pastDue
        .map((step) => ({ do: step.do, at: later(since, step.after), why: `${ref} is past due since ${since}` }))
        .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
    case 'paused':
      return [{ do: rules.paused, at: since, why: `${ref} is paused since ${since}` }];
    case 'ended': {
      const ended = ends ?? since;
      if (rules.ended.suspendAfter === 'never') return [];
      return [{ do: 'suspend', at: later(ended, rules.ended.suspendAfter), why: `${ref} has ended on ${ended}` }];
    }
    case 'trialing':
      if (trialEnd === undefined) return [];
      return [{ do: rules.trialEnded, at: trialEnd, why: `the trial of ${ref} ends on ${trialEnd}` }];
    default:
      return [];
  }
}

function later(time: string, delay: string): string {
  return new Date(Date.parse(time) + durationMs(delay)).toISOString();
}

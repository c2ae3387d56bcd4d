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
  /** When the present unbroken run of the state began, or will begin if none has. */
  since: string;
  /** False while each of its states is still to come. */
  hasBegun: boolean;
  /** False before it begins and after it has ended: then its items do not count. */
  isSold: boolean;
  /** The state that its source has announced; until `begins` the one before it counts. An end is in `ends`. */
  announced?: SubscriptionState;
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
  const { asOf } = record;
  if (asOf === undefined) return standingAt(record, now);
  const {
    begins: _begins,
    announced: _announced,
    ends,
    suspendedFrom,
    actions,
    ...then
  } = standingAt(record, Date.parse(asOf));
  return {
    ...then,
    ...(ends !== undefined && ends <= asOf && { ends }),
    ...(suspendedFrom !== undefined && suspendedFrom <= asOf && { suspendedFrom }),
    actions: actions.filter(({ at }) => at <= asOf),
  };
}

function standingAt(record: SubscriptionRecord, now: number): Standing {
  const { begun, announced } = phasesOf(record.states, now);
  const { state: seen, since } = presentState(begun.length > 0 ? begun : record.states.slice(-1));
  const ends = earliest([seen === 'ended' ? since : undefined, endOf(announced), record.until]);
  const hasEnded = begun.at(-1)?.state === 'ended' || (ends !== undefined && Date.parse(ends) <= now);
  // a subscription of which first an end was announced was there before
  const hasBegun = begun.some((one) => one.state !== 'ended') || record.states[0]!.state === 'ended';
  const isSold = hasBegun && !hasEnded;
  const state: SubscriptionState = hasEnded ? 'ended' : seen;
  const byPlan = Object.values(record.terms).map(({ rules }) => actionsOf(rules, record, { state, since, ends }));
  const suspendedFrom = lastOf(byPlan.map((actions) => actions.find((action) => action.do === 'suspend')?.at));
  return {
    state,
    since: hasEnded ? ends! : since,
    hasBegun,
    isSold,
    ...(announced && announced.state !== 'ended' && { announced: announced.state, begins: startOf(announced) }),
    ...(ends !== undefined && { ends }),
    ...(suspendedFrom !== undefined && { suspendedFrom }),
    actions: byPlan.flat().toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
    wasActive: begun.some((one) => one.state === 'active'),
  };
}

/** The states that have begun, oldest first, and the newest one while it is still to come. */
function phasesOf(states: SeenState[], now: number): { begun: SeenState[]; announced?: SeenState } {
  const newest = states.at(-1)!;
  // what was announced, and overtaken before it began, never began
  const before = states.slice(0, -1).filter((one, index) => !isAnnounced(one, states[index + 1]!));
  const ends = newest.state === 'ended' && before.at(-1)?.state !== 'ended';
  const isAhead = Date.parse(startOf(newest)) > now && (ends || isAnnounced(newest, newest));
  return isAhead ? { begun: before, announced: newest } : { begun: [...before, newest] };
}

/**
 * Whether a state was still to come when a fact was sent. The fact itself can be ahead of our clock, when that of the
 * sender is.
 */
function isAnnounced(one: SeenState, { at }: SeenState): boolean {
  return startOf(one) > one.at && startOf(one) > at;
}

function startOf({ since, at }: SeenState): string {
  return since ?? at;
}

function endOf(announced: SeenState | undefined): string | undefined {
  return announced?.state === 'ended' ? startOf(announced) : undefined;
}

function earliest(times: (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).toSorted()[0];
}

/** The newest state, and since when it has lasted. */
function presentState(states: SeenState[]): { state: SubscriptionState; since: string } {
  const { state } = states.at(-1)!;
  const start = states.findLastIndex((one) => one.state !== state) + 1;
  const run = states.slice(start);
  const said = run.findLast((one) => one.since !== undefined && !isAnnounced(one, one));
  return { state, since: startOf(said ?? run[0]!) };
}

/**
 * The subscriptions that are reasons to leave the customer enabled. One that has ended and whose rule never suspends is a
 * reason only while nothing else is sold.
 */
export function holding(standings: Standing[]): Standing[] {
  const isAnySold = standings.some(({ isSold }) => isSold);
  return standings.filter(
    ({ hasBegun, isSold, suspendedFrom }) => hasBegun && (isSold || suspendedFrom !== undefined || !isAnySold),
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
    case 'active':
      return [];
  }
}

function later(time: string, delay: string): string {
  return new Date(Date.parse(time) + durationMs(delay)).toISOString();
}

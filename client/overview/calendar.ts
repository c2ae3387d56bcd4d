import { haltText } from '../../contract/customer-view.js';
import { actionOn, customerAction } from '../../contract/commands.js';
import type { Coming, SubscriptionStatus } from '../../contract/customers.js';
import type { OperationStatus } from '../../contract/status.js';
import type { KnownCustomer, KnownStatus } from './known-customer.js';

/** What can come: a customer is suspended, a tenant deleted, a trial or a subscription ends, a person is asked. */
export const calendarKinds = ['suspend', 'delete', 'trialEnd', 'end', 'ask'] as const;
export type CalendarKind = (typeof calendarKinds)[number];

/** One way to stop it. */
export interface Stop {
  /** What must be so, in words. */
  what: string;
  /** What a person can type. */
  command?: string;
}

/** Something that time alone brings. */
export interface CalendarItem {
  /** ISO 8601. What is due already has the time of the reading. */
  at: string;
  what: CalendarKind;
  ref?: string;
  cloud?: string;
  tenantId?: string;
  /** The run that does it. */
  run?: string;
  why: string;
  stops: Stop[];
  /** Why it does not happen at that time, although it is due then. */
  stopped?: string;
}

/** An offboarding that is open, and the customer that has started it. */
export interface OpenOffboarding {
  status: Pick<OperationStatus, 'id' | 'grace' | 'tenantId' | 'externalRef'>;
  /** The workflow id. */
  customer?: string | undefined;
}

export interface CalendarFacts {
  customers: readonly KnownCustomer[];
  offboardings: readonly OpenOffboarding[];
}

/** What comes until a time, soonest first. Times are milliseconds of the epoch. */
export function calendarOf(
  { customers, offboardings }: CalendarFacts,
  { now, until }: { now: number; until: number },
): CalendarItem[] {
  const byId = new Map(customers.map(({ id, status }) => [id, status]));
  const all = [
    ...customers.flatMap(({ status }) => [...dueNow(status, now), ...ofCustomer(status)]),
    ...offboardings.flatMap((one) => ofOffboarding(one, byId.get(one.customer ?? ''), now)),
  ];
  return all
    .filter(({ at }) => Date.parse(at) >= now && Date.parse(at) <= until)
    .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

function ofCustomer(status: KnownStatus): CalendarItem[] {
  const { next, later = [] } = status;
  const coming = [...(next ? [next] : []), ...later].flatMap((one) => itemOf(one, status));
  return [...coming, ...status.subscriptions.flatMap((one) => ofSubscription(one, status))];
}

/** Ends of trials and subscriptions are in the subscriptions, whatever the rules of their plans say. */
function itemOf({ what, at, why }: Coming, status: KnownStatus): CalendarItem[] {
  if (what !== 'suspend' && what !== 'ask') return [];
  return [{ at, what, ...about(status), why, stops: stopsOfCustomer(status), ...stoppedBy(status) }];
}

function ofSubscription(one: SubscriptionStatus, status: KnownStatus): CalendarItem[] {
  const { source, ref, state, until, trialEnd } = one;
  if (state === 'ended') return [];
  const item = (at: string, what: CalendarKind, why: string, stop: string): CalendarItem => ({
    at,
    what,
    ...about(status),
    why,
    stops: [{ what: stop }],
  });
  return [
    ...(state === 'trialing' && trialEnd !== undefined
      ? [item(trialEnd, 'trialEnd', `the trial of ${ref} ends`, `${source} says that ${ref} is active`)]
      : []),
    ...(until === undefined
      ? []
      : [item(until, 'end', `${ref} ends`, `${source} says that ${ref} goes on, or ends later`)]),
  ];
}

/** What should happen already and waits: for a window, the brake, or a person. */
function dueNow(status: KnownStatus, now: number): CalendarItem[] {
  const { wouldDo, held, waitingFor, blocked } = status;
  if (wouldDo === undefined || !takesAway.has(wouldDo.operation)) return [];
  const until = held?.until === undefined ? now : Math.max(now, Date.parse(held.until));
  const waits = waitingFor ?? blocked?.message ?? 'the rules of its plan say at which times it may begin';
  return [
    {
      at: new Date(until).toISOString(),
      what: 'suspend',
      ...about(status),
      why: wouldDo.why,
      stops: stopsOfCustomer(status),
      ...(held?.until === undefined && { stopped: stoppedBy(status).stopped ?? `waits: ${waits}` }),
    },
  ];
}

/** An offboarding begins by disabling the tenant; its deletion is that of the run. */
const takesAway: ReadonlySet<string> = new Set(['disableTenant', 'offboardCustomer']);

function about({ ref, cloud, tenantId }: KnownStatus): Pick<CalendarItem, 'ref' | 'cloud' | 'tenantId'> {
  return { ref, cloud, ...(tenantId !== undefined && { tenantId }) };
}

function stopsOfCustomer(status: KnownStatus): Stop[] {
  const { ref, cloud, held } = status;
  const said = status.subscriptions
    .filter(({ state }) => state !== 'active')
    .map(({ source, ref: name, state }) => ({ what: `${source} says that ${name} ${wordsFor[state]}` }));
  const hold = { what: 'a person holds the customer', command: customerAction({ customer: ref, cloud }, 'hold') };
  return [...said, ...(held === undefined ? [hold] : [])];
}

const wordsFor = {
  trialing: 'is active',
  active: 'goes on',
  past_due: 'is paid',
  paused: 'is active again',
  ended: 'is active again, or sells something new',
} as const;

function stoppedBy({ observed, paused, held }: KnownStatus): Pick<CalendarItem, 'stopped'> {
  if (observed) return { stopped: 'the customer is only observed' };
  const halt = paused ?? held;
  return halt === undefined ? {} : { stopped: haltText(paused === undefined ? 'held' : 'paused', halt) };
}

/** A deletion that somebody holds at its run has no time. */
function ofOffboarding(
  { status: { id, grace, tenantId, externalRef }, customer }: OpenOffboarding,
  owner: KnownStatus | undefined,
  now: number,
): CalendarItem[] {
  if (grace?.until === undefined || grace.deletedAt !== undefined) return [];
  const isOver = Date.parse(grace.until) < now;
  const ref = owner?.ref ?? externalRef;
  const choices = [
    ['hold', 'a person holds the deletion'],
    ['extendGrace', 'a person extends the grace'],
    ['restore', 'a person gives the tenant back'],
  ] as const;
  const cancel: Stop = { what: 'a person cancels the run' };
  const bySale: Stop[] = customer === undefined ? [] : [{ what: 'something is sold to the customer again' }];
  const byPerson = choices.map(([choice, what]) => ({ what, command: actionOn(id, choice).command }));
  return [
    {
      at: isOver ? new Date(now).toISOString() : grace.until,
      what: 'delete',
      ...(ref !== undefined && { ref }),
      ...(owner && { cloud: owner.cloud }),
      ...(tenantId !== undefined && { tenantId }),
      run: id,
      why: `the grace of its offboarding ends; its tenant is disabled since ${grace.disabledAt}`,
      stops: [...bySale, ...(isOver ? [cancel] : byPerson)],
      ...(isOver ? { stopped: grace.next ?? 'the grace is over' } : owner && stoppedBy(owner)),
    },
  ];
}

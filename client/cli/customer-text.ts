import { administratorCommands } from '../../contract/commands.js';
import { ADMINISTRATOR } from '../../contract/customer-requests.js';
import type {
  CustomerStatus,
  Halt,
  MovedSubscription,
  SubscriptionStatus,
  TenantState,
} from '../../contract/customers.js';
import { table } from './output.js';
import { joinLines } from './printable.js';

/** A customer as a person reads it: what is sold, what the tenant should be, and what happens next. */
export function customerText(status: CustomerStatus): string {
  const { ref, wanted, subscriptions, events, tenantId } = status;
  return joinLines([
    `${ref}${wanted.name === undefined ? '' : `, ${wanted.name}`}: ${status.observed ? 'observed, nothing is done' : status.state}`,
    ...(tenantId === undefined ? [] : [`  tenant ${tenantId}`]),
    ...subscriptions.flatMap(subscriptionLines),
    ...(status.unread === undefined ? [] : [unreadLine(status.unread)]),
    ...followingLines(status),
    ...eventLines(events),
  ]);
}

function unreadLine(unread: number): string {
  return `  ${unread} fact(s) not read yet: they need a worker with TENANTRY_SOURCES, with their source in it, and TENANTRY_PLANS`;
}

/** What follows from what is sold: what the tenant should be, and what happens next. */
export function followingLines(status: CustomerStatus): string[] {
  const { ref: customer, cloud, wanted, wouldDo, waitingFor, notDone = [], next } = status;
  return [
    `  should be: ${wantedText(wanted)}`,
    ...doingLines(status),
    ...(wouldDo === undefined ? [] : [`  would do now: ${wouldDo.operation}, because ${wouldDo.why}`]),
    ...(waitingFor === undefined ? [] : [`  waits for ${waitingFor}`]),
    ...notDone.flatMap(({ field, why }) => [
      `  needs a person: ${field}: ${why}`,
      ...(field === ADMINISTRATOR ? administratorCommands({ customer, cloud }).map((one) => `    ${one}`) : []),
    ]),
    ...(next === undefined ? [] : [`  next: ${next.what} on ${next.at}, because ${next.why}`]),
  ];
}

/** What goes on for its tenant, and what stops it. */
function doingLines({ running, blocked, paused, held, different = [] }: CustomerStatus): string[] {
  const halt = (what: string, { actor, reason, until }: Halt) =>
    `  ${what} by ${actor}${until === undefined ? '' : ` until ${until}`}: ${reason}`;
  return [
    ...(running === undefined ? [] : [`  runs now: ${running.id} (${running.state})`]),
    ...(blocked === undefined ? [] : [`  blocked: ${blocked.message}`]),
    ...(blocked?.run === undefined ? [] : [`    tenantry status ${blocked.run}`]),
    ...(paused === undefined ? [] : [halt('paused', paused)]),
    ...(held === undefined ? [] : [halt('held', held)]),
    ...different.map(
      ({ field, wanted, is }) => `  different: ${field} is ${textOf(is)}, and ${textOf(wanted)} was applied`,
    ),
  ];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function subscriptionLines({ source, ref, items, state, since, until, trialEnd, moved }: SubscriptionStatus): string[] {
  const dates = [
    `since ${since}`,
    ...(until ? [`until ${until}`] : []),
    ...(trialEnd ? [`trial ends ${trialEnd}`] : []),
  ];
  return [
    `  ${source} ${ref}: ${state.replace('_', ' ')} ${dates.join(', ')}`,
    ...items.map(({ plan, product, quantity }) => `    ${quantity} × ${plan ?? `unknown product ${product}`}`),
    ...(moved === undefined ? [] : [`    ${movedLine(moved)}`]),
  ];
}

function movedLine({ owner, others, openSince, by }: MovedSubscription): string {
  const also = others.join(', ');
  if (openSince !== undefined || by === undefined)
    return `moved: ${owner} has it, and ${also} has heard of it since ${openSince}: a person must say whose it is`;
  return `moved: it is of ${owner}, said ${by.actor} (${by.reason}); what is said of it under ${also} counts there`;
}

function wantedText({ exists, enabled, offeringItems, edition, quotas, billingMode }: TenantState): string {
  if (!exists) return enabled ? 'nothing is sold any more; enabled for now' : 'nothing is sold';
  const items = offeringItems.map((item) => {
    const quota = quotas[item];
    return `${item} ${quota === undefined ? 'unlimited' : quota.limit}`;
  });
  const what = [...(edition === undefined ? [] : [`edition ${edition}`]), ...items];
  return [enabled ? 'enabled' : 'disabled', billingMode, ...what].join(', ');
}

const SHOWN_EVENTS = 10;

function eventLines(events: CustomerStatus['events']): string[] {
  if (events.length === 0) return [];
  const rows = events.slice(-SHOWN_EVENTS).map(({ at, source, type, id, outcome }) => [at, source, type, id, outcome]);
  return table(
    ['  READ AT', 'SOURCE', 'TYPE', 'ID', 'OUTCOME'],
    rows.map(([at, ...rest]) => [`  ${at}`, ...rest]),
  ).split('\n');
}

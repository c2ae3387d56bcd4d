import { actorText } from './actors.js';
import { administratorCommands, existingTenantCommands, yesCommand } from './commands.js';
import { ADMINISTRATOR } from './customer-requests.js';
import type { CustomerStatus, Halt, MovedSubscription, SubscriptionStatus, TenantState } from './customers.js';
import { askedFields, existingTenantIds } from './customer-questions.js';

/** What people read of a customer, as plain data: every interface draws it in its own way. */
export interface CustomerView {
  /** Sums up the customer in one line. */
  headline: string;
  subscriptions: CustomerLine[];
  /** Facts that nobody has read yet. */
  unread?: string;
  /** What the tenant should be, by all that is sold. */
  wanted: string;
  /** What it has, as far as the customer knows. */
  applied?: string;
  /** What goes on for its tenant, and what stops it. */
  doing: CustomerLine[];
  /** What would be done, what it waits for, and what happens next. */
  following: CustomerLine[];
}

/** One line about a customer, with what belongs to it. */
export interface CustomerLine {
  text: string;
  details: readonly string[];
  /** The run that it is about. */
  run?: string;
  /** True where nothing goes on without a person. */
  asks?: true;
}

/** A customer as people read it. */
export function customerViewOf(status: CustomerStatus): CustomerView {
  const { ref, wanted, applied, subscriptions, unread } = status;
  const name = wanted.name === undefined ? '' : `, ${wanted.name}`;
  return {
    headline: `${ref}${name}: ${status.observed ? 'observed, nothing is done' : status.state}`,
    subscriptions: subscriptions.map(subscriptionLine),
    ...(unread !== undefined && { unread: unreadText(unread) }),
    wanted: wantedText(wanted),
    ...(applied !== undefined && { applied: wantedText(applied) }),
    doing: doingLines(status),
    following: followingLines(status),
  };
}

function unreadText(unread: number): string {
  return `${unread} fact(s) not read yet: they need a worker with TENANTRY_SOURCES, with their source in it, and TENANTRY_PLANS`;
}

const line = (text: string, more: Partial<CustomerLine> = {}): CustomerLine => ({ text, details: [], ...more });

function followingLines(status: CustomerStatus): CustomerLine[] {
  const { ref: customer, cloud, wouldDo, waitingFor, notDone = [], next } = status;
  const tenantIds = existingTenantIds(status);
  const existing = tenantIds.length === 0 ? [] : existingTenantCommands({ customer, cloud, tenantIds });
  const said = askedFields(status);
  // what blocks a customer is also what it has not done
  const isUnsaid = ({ field }: { field: string }) => field === ADMINISTRATOR || !said.includes(field);
  return [
    ...(wouldDo === undefined ? [] : [line(`would do now: ${wouldDo.operation}, because ${wouldDo.why}`)]),
    ...(waitingFor === undefined ? [] : [line(`waits for ${waitingFor}`, { asks: true, details: existing })]),
    ...notDone.filter(isUnsaid).map(({ field, why }) => {
      const details = field === ADMINISTRATOR ? administratorCommands({ customer, cloud }) : [];
      return line(`needs a person: ${field}: ${why}`, { details, asks: true });
    }),
    ...(next === undefined ? [] : [line(`next: ${next.what} on ${next.at}, because ${next.why}`)]),
  ];
}

function doingLines(status: CustomerStatus): CustomerLine[] {
  const { ref: customer, cloud, running, blocked, paused, held, different = [] } = status;
  const run = blocked?.run;
  const asked = askedFields(status).filter((field) => field !== ADMINISTRATOR);
  const yes = asked.length === 0 ? {} : { details: [yesCommand({ customer, cloud }, asked)] };
  const ofRun = run === undefined ? yes : { run, details: [`tenantry status ${run}`] };
  return [
    ...(running === undefined ? [] : [line(`runs now: ${running.id} (${running.state})`, { run: running.id })]),
    ...(blocked === undefined ? [] : [line(`blocked: ${blocked.message}`, { ...ofRun, asks: true })]),
    ...(paused === undefined ? [] : [line(haltText('paused', paused))]),
    ...(held === undefined ? [] : [line(haltText('held', held))]),
    ...different.map(({ field, wanted, is }) =>
      line(`different: ${field} is ${textOf(is)}, and ${textOf(wanted)} was applied`),
    ),
  ];
}

export function haltText(what: string, { reason, until, ...by }: Halt): string {
  return `${what} by ${actorText(by)}${until === undefined ? '' : ` until ${until}`}: ${reason}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function subscriptionLine({
  source,
  ref,
  items,
  state,
  since,
  until,
  trialEnd,
  moved,
}: SubscriptionStatus): CustomerLine {
  const dates = [
    `since ${since}`,
    ...(until ? [`until ${until}`] : []),
    ...(trialEnd ? [`trial ends ${trialEnd}`] : []),
  ];
  const sold = items.map(({ plan, product, quantity }) => `${quantity} × ${plan ?? `unknown product ${product}`}`);
  return line(`${source} ${ref}: ${state.replace('_', ' ')} ${dates.join(', ')}`, {
    details: [...sold, ...(moved === undefined ? [] : [movedText(moved)])],
  });
}

function movedText({ owner, others, openSince, by }: MovedSubscription): string {
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

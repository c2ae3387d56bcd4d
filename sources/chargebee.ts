import { z } from 'zod';
import type { SoldItem, SubscriptionFact, SubscriptionState } from '../contract/facts.js';
import { apiSettings } from './api-settings.js';
import { readEnvelope, readJson, optional, parse } from './body.js';
import type { VerificationFailure, EventFacts, Reading, SourceContext, SourceKind } from './kind.js';
import {
  facts,
  fromTheFuture,
  incomplete,
  nothing,
  ownReference,
  personDetails,
  problem,
  referenceOf,
} from './readings.js';
import { anyEqual, missing, wrong } from './signatures.js';
import { fromSeconds, unixSeconds } from './times.js';

const seconds = optional(unixSeconds);

const envelope = z.object({
  id: z.string().min(1),
  object: z.literal('event'),
  event_type: z.string().min(1),
  occurred_at: unixSeconds,
  content: z.record(z.string(), z.unknown()),
});

const units = { quantity: optional(z.number().nonnegative()), quantity_in_decimal: optional(z.string()) };

const subscriptionShape = z.looseObject({
  id: z.string().min(1),
  customer_id: z.string().min(1),
  status: z.string(),
  deleted: optional(z.boolean()),
  resource_version: optional(z.int()),
  subscription_items: optional(
    z.array(z.object({ item_price_id: z.string().min(1), item_type: optional(z.string()), ...units })),
  ),
  plan_id: optional(z.string()),
  plan_quantity: optional(z.number().nonnegative()),
  addons: optional(z.array(z.object({ id: z.string().min(1), ...units }))),
  due_invoices_count: optional(z.int()),
  due_since: seconds,
  start_date: seconds,
  trial_start: seconds,
  trial_end: seconds,
  pause_date: seconds,
  cancelled_at: seconds,
  current_term_end: seconds,
});
type Subscription = z.output<typeof subscriptionShape>;

const customerShape = z.looseObject({
  id: z.string().min(1),
  first_name: optional(z.string()),
  last_name: optional(z.string()),
  email: optional(z.string()),
  company: optional(z.string()),
  locale: optional(z.string()),
});

/** `non_renewing` is active with an end. `transferred` and the like are the business of a person. */
const states: Readonly<Record<string, SubscriptionState>> = {
  future: 'active',
  in_trial: 'trialing',
  active: 'active',
  non_renewing: 'active',
  paused: 'paused',
  cancelled: 'ended',
};

/**
 * Chargebee. It signs nothing: the secret is `user:password` of HTTP Basic authentication, and a repetition is found by
 * the event's id. Newer states of a subscription have a higher `resource_version`.
 * @see https://apidocs.chargebee.com/docs/api/events
 */
export const chargebee = {
  settings: apiSettings,
  neededWithApiKey: ['apiUrl'],
  verify({ headers }, { secrets }): VerificationFailure | undefined {
    const { authorization } = headers;
    if (!authorization) return missing('authorization');
    const encoded = /^basic +(\S+)$/i.exec(authorization)?.[1] ?? '';
    return anyEqual([Buffer.from(encoded, 'base64').toString()], secrets) ? undefined : wrong('authorization');
  },
  normalise({ body }, context) {
    const { id, event_type: type, occurred_at, content } = readEnvelope(envelope, readJson(body), 'Chargebee');
    const event = { id, type, live: true };
    const at = fromSeconds(occurred_at);
    const ahead = fromTheFuture(event, 'occurred_at', at, context.now);
    if (ahead !== undefined) return [ahead];
    if (content.subscription !== undefined) return [readSubscription(event, at, content, context)];
    if (/^customer_(created|changed)$/.test(type)) return [readCustomer(event, at, content.customer, context)];
    return [nothing(event)];
  },
  retryStatus: 503,
  repeatsRefused: true,
  secretProblem: (secret) => (secret.includes(':') ? undefined : 'must hold user:password'),
  sign(_body, { secret }) {
    return { 'content-type': 'application/json', authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
  },
} satisfies SourceKind;

/** What a subscription and its customer say, in an event or in an answer of the API. */
export function readSubscription(
  event: EventFacts,
  at: string,
  content: Record<string, unknown>,
  context: SourceContext,
): Reading {
  const subscription = parse(subscriptionShape, content.subscription);
  if ('problems' in subscription) return incomplete(event, 'content.subscription', subscription.problems);
  const { id, customer_id, status, deleted, resource_version: version } = subscription.value;
  const customer = parse(customerShape, content.customer ?? { id: customer_id });
  if ('problems' in customer) return incomplete(event, 'content.customer', customer.problems);
  const state = states[status];
  if (state === undefined || (deleted && state !== 'ended')) {
    const is = deleted ? 'deleted' : status;
    return {
      ...event,
      says: 'notice',
      text: `Chargebee says that the subscription ${id} is ${is}: a person must decide.`,
    };
  }
  if (status === 'future' && subscription.value.start_date === undefined)
    return problem(event, 'content.subscription.start_date', 'is missing: a future subscription counts from its start');
  const ref = referenceOf([subscription.value, customer.value], customer_id, context);
  return facts(event, context, {
    at,
    ...(version === undefined ? {} : { version }),
    customer: { ref: ref ?? ownReference(context.name, customer_id), ...detailsOf(customer.value) },
    subscription: toFact(subscription.value, state),
  });
}

function readCustomer(event: EventFacts, at: string, value: unknown, context: SourceContext): Reading {
  const customer = parse(customerShape, value);
  if ('problems' in customer) return incomplete(event, 'content.customer', customer.problems);
  const { id } = customer.value;
  const ref = referenceOf([customer.value], id, context);
  // the reference may stand on the subscriptions of the customer
  if (ref === undefined) return { ...event, says: 'changed', object: { type: 'customer', id }, at };
  return facts(event, context, { at, customer: { ref, ...detailsOf(customer.value) } });
}

function detailsOf({ first_name, last_name, email, company, locale }: z.output<typeof customerShape>) {
  return personDetails({ company, first: first_name, last: last_name, email, language: locale?.split('-')[0] });
}

/** Unpaid invoices make an active subscription past due: Chargebee has no state for it. */
function toFact(subscription: Subscription, given: SubscriptionState): SubscriptionFact {
  const { id, status, due_invoices_count: due, due_since } = subscription;
  const state = given === 'active' && due ? 'past_due' : given;
  const since = {
    trialing: subscription.trial_start,
    active: status === 'future' ? subscription.start_date : undefined,
    past_due: due_since,
    paused: subscription.pause_date,
    ended: subscription.cancelled_at,
  }[state];
  const until = status === 'non_renewing' ? (subscription.cancelled_at ?? subscription.current_term_end) : undefined;
  const { trial_end: trialEnd } = subscription;
  return {
    ref: id,
    items: itemsOf(subscription),
    state,
    ...(since === undefined ? {} : { since: fromSeconds(since) }),
    ...(until === undefined ? {} : { until: fromSeconds(until) }),
    ...(trialEnd !== undefined && state === 'trialing' ? { trialEnd: fromSeconds(trialEnd) } : {}),
  };
}

/** Product catalogue 2.0 lists items, 1.0 has a plan with add-ons. Charges are sold once and mean nothing here. */
function itemsOf({ subscription_items, plan_id, plan_quantity, addons = [] }: Subscription): SoldItem[] {
  if (subscription_items !== undefined)
    return subscription_items
      .filter(({ item_type }) => item_type !== 'charge')
      .map(({ item_price_id, ...given }) => ({ product: item_price_id, ...quantityOf(given) }));
  const plan = plan_id === undefined ? [] : [{ product: plan_id, ...quantityOf({ quantity: plan_quantity }) }];
  return [...plan, ...addons.map(({ id, ...given }) => ({ product: id, ...quantityOf(given) }))];
}

function quantityOf({
  quantity,
  quantity_in_decimal: decimal,
}: {
  quantity?: number | undefined;
  quantity_in_decimal?: string | undefined;
}) {
  const units = decimal !== undefined && /^\d+(\.\d+)?$/.test(decimal) ? Number(decimal) : quantity;
  return units === undefined ? {} : { quantity: units };
}

import { z } from 'zod';
import type { SoldItem, SubscriptionFact, SubscriptionState } from '../contract/facts.js';
import { optional, parse } from './body.js';
import type { EventFacts, Reading, SourceContext } from './kind.js';
import { facts, incomplete, nothing, personDetails, problem, referenceOf } from './readings.js';
import { fromSeconds, unixSeconds } from './times.js';

const seconds = optional(unixSeconds);
const idOf = (value: z.ZodType<{ id: string }>) =>
  z.union([
    z
      .string()
      .min(1)
      .transform((id) => ({ id })),
    value,
  ]);

const customerShape = z.looseObject({
  id: z.string().min(1),
  name: optional(z.string()),
  email: optional(z.string()),
  preferred_locales: optional(z.array(z.string())),
});

const priceShape = z.object({
  id: z.string().min(1),
  product: optional(idOf(z.looseObject({ id: z.string() }))),
  lookup_key: optional(z.string()),
});

const subscriptionShape = z.looseObject({
  id: z.string().min(1),
  status: z.string(),
  customer: idOf(customerShape),
  items: z.object({
    data: z.array(
      z.object({ price: priceShape, quantity: optional(z.number().nonnegative()), current_period_end: seconds }),
    ),
    has_more: optional(z.boolean()),
  }),
  cancel_at: seconds,
  cancel_at_period_end: optional(z.boolean()),
  /** Before 2025-03-31; after that it stands in each item. */
  current_period_end: seconds,
  ended_at: seconds,
  trial_start: seconds,
  trial_end: seconds,
});
type Subscription = z.output<typeof subscriptionShape>;

/** `unpaid` continues `past_due`. A subscription whose first payment is open has not been sold. */
const states: Readonly<Record<string, SubscriptionState>> = {
  trialing: 'trialing',
  active: 'active',
  past_due: 'past_due',
  unpaid: 'past_due',
  paused: 'paused',
  canceled: 'ended',
};
const notSold = ['incomplete', 'incomplete_expired'];

/** What a subscription object says. An object that lacks the reference, or some of its items, must be read again. */
export function readSubscription(value: unknown, event: EventFacts, at: string, context: SourceContext): Reading {
  const parsed = parse(subscriptionShape, value);
  if ('problems' in parsed) return incomplete(event, 'data.object', parsed.problems);
  const { id, status, items, customer } = parsed.value;
  if (notSold.includes(status)) return nothing(event, `the subscription ${id} is ${status}: it has not been sold`);
  const state = states[status];
  if (state === undefined)
    return problem(event, 'data.object.status', `is ${JSON.stringify(status)}, which is not known here`);
  const ref = referenceOf([parsed.value, customer], customer.id, context);
  if (ref === undefined || items.has_more)
    return { ...event, says: 'changed', object: { type: 'subscription', id }, at };
  return facts(event, context, {
    at,
    customer: { ref, ...detailsOf(customer) },
    subscription: toFact(parsed.value, state),
  });
}

/** What a customer object says: name, language and e-mail. */
export function readCustomer(value: unknown, event: EventFacts, at: string, context: SourceContext): Reading {
  const parsed = parse(customerShape, value);
  if ('problems' in parsed) return incomplete(event, 'data.object', parsed.problems);
  const { id } = parsed.value;
  const ref = referenceOf([parsed.value], id, context);
  // the reference may stand on the subscriptions of the customer
  if (ref === undefined) return { ...event, says: 'changed', object: { type: 'customer', id }, at };
  return facts(event, context, { at, customer: { ref, ...detailsOf(parsed.value) } });
}

function detailsOf({ name, email, preferred_locales: locales }: Partial<z.output<typeof customerShape>>) {
  return personDetails({ company: name, email, language: locales?.[0]?.split('-')[0] });
}

function toFact(subscription: Subscription, state: SubscriptionState): SubscriptionFact {
  const { id, items, trial_start, trial_end, ended_at } = subscription;
  const since = { trialing: trial_start, ended: ended_at, active: undefined, past_due: undefined, paused: undefined }[
    state
  ];
  const until = endOf(subscription);
  return {
    ref: id,
    items: items.data.map(soldItem),
    state,
    ...(since === undefined ? {} : { since: fromSeconds(since) }),
    ...(until === undefined || state === 'ended' ? {} : { until: fromSeconds(until) }),
    ...(trial_end !== undefined && state === 'trialing' ? { trialEnd: fromSeconds(trial_end) } : {}),
  };
}

/** When a cancellation takes effect. Items can have periods of their own: the last one counts. */
function endOf({ cancel_at, cancel_at_period_end, current_period_end, items }: Subscription): number | undefined {
  if (cancel_at !== undefined || !cancel_at_period_end) return cancel_at;
  const ends = items.data.map((item) => item.current_period_end).filter((end) => end !== undefined);
  return ends.length > 0 ? Math.max(...ends) : current_period_end;
}

function soldItem({ price, quantity }: Subscription['items']['data'][number]): SoldItem {
  const aliases = [price.product?.id, price.lookup_key].filter((id) => id !== undefined);
  return {
    product: price.id,
    ...(aliases.length > 0 ? { aliases } : {}),
    ...(quantity === undefined ? {} : { quantity }),
  };
}

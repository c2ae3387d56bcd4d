import { Webhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import { secrets } from './offer.js';
import type { Person, SoldSubscription, State, Statement } from './statements.js';

/** A delivery as its sender makes it: signed by the sender's own library, again for each try. */
export interface SignedBody {
  body: string;
  headers: Record<string, string>;
}

export function signed(statement: Statement): SignedBody {
  return statement.source === 'shop' ? signedByStripe(statement) : signedByOwnSystem(statement);
}

function signedByStripe(statement: Statement): SignedBody {
  const body = JSON.stringify(stripeEvent(statement));
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: secrets.shop });
  return { body, headers: { 'content-type': 'application/json', 'stripe-signature': signature } };
}

function signedByOwnSystem(statement: Statement): SignedBody {
  const { id } = statement;
  const body = JSON.stringify(houseEvent(statement));
  const now = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secrets.own).sign(id, now, body),
  };
  return { body, headers };
}

const stripeStates = {
  trialing: 'trialing',
  active: 'active',
  past_due: 'past_due',
  paused: 'paused',
  ended: 'canceled',
} as const satisfies Record<State, string>;

function stripeEvent({ id, ref, at, person, subscription }: Statement) {
  const metadata = { tenantry_customer: ref };
  const customer = `cus_${ref}`;
  const [type, object] =
    subscription === undefined
      ? ['customer.updated', { id: customer, object: 'customer', ...person, metadata }]
      : [typeOf(subscription), { ...stripeSubscription(subscription, at), customer, metadata }];
  return { id, object: 'event', type, created: at, livemode: false, data: { object } };
}

function typeOf({ state }: SoldSubscription): string {
  return state === 'ended' ? 'customer.subscription.deleted' : 'customer.subscription.updated';
}

function stripeSubscription({ ref, state, items }: SoldSubscription, at: number) {
  const rows = items.map(({ product, quantity }) => ({ price: { id: product }, quantity }));
  return {
    id: ref,
    object: 'subscription',
    status: stripeStates[state],
    items: { data: rows, has_more: false },
    ...(state === 'ended' && { ended_at: at }),
  };
}

function houseEvent({ ref, at, person, subscription }: Statement) {
  return {
    type: subscription === undefined ? 'customer.changed' : 'subscription.changed',
    timestamp: new Date(at * 1000).toISOString(),
    data: { customer: { ref, ...houseDetails(person) }, subscription },
  };
}

function houseDetails(person: Person | undefined) {
  return person === undefined ? {} : { name: person.name, contact: { email: person.email } };
}

import { part } from '../../sources/deliveries.js';
import { imitateSender, pageOf, type SenderCall, type SenderReply } from './sender.js';

export const STRIPE_KEY = 'rk_live_imitated';
/** Items in a subscription object; the rest has a list of its own. */
const ITEMS = 10;

type Json = Record<string, unknown> & { id: string };

/** A subscription at Stripe: what the tests need of it. */
export interface SoldAtStripe {
  id: string;
  customer: string;
  status?: string;
  quantity?: number;
  livemode?: boolean;
  metadata?: Record<string, string>;
  /** The number of its items. */
  items?: number;
}

const recorded = part('stripe/customer.subscription.created.json', ['data', 'object']) as Json;
const [recordedItem] = (recorded['items'] as { data: Json[] }).data as [Json];

/** Stripe's API with subscriptions and customers in memory. */
export async function imitateStripe() {
  const sold = new Map<string, SoldAtStripe>();
  const account = { id: 'acct_1' };
  const sender = await imitateSender((call) => answer(call, sold, account), {
    error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such subscription' },
  });
  return {
    ...sender,
    sold,
    account,
    set: (one: SoldAtStripe) => void sold.set(one.id, { ...sold.get(one.id), ...one }),
  };
}

function answer(
  { path, query, headers }: SenderCall,
  sold: Map<string, SoldAtStripe>,
  account: { id: string },
): SenderReply | undefined {
  if (headers.authorization !== `Bearer ${STRIPE_KEY}`) return { status: 401, body: { error: {} } };
  const limit = Number(query.get('limit') ?? 10);
  if (path === '/v1/account') return { body: { id: account.id, object: 'account' } };
  if (path === '/v1/subscriptions') {
    const customer = query.get('customer');
    const rows = [...sold.values()].filter((one) => customer === null || one.customer === customer);
    return list(rows.map(toSubscription), query.get('starting_after'), limit);
  }
  if (path === '/v1/subscription_items') {
    const one = sold.get(query.get('subscription') ?? '');
    return one && list(itemsOf(one), query.get('starting_after'), limit);
  }
  const one = sold.get(/^\/v1\/subscriptions\/([^/]+)$/.exec(path)?.[1] ?? '');
  return one && { body: toSubscription(one) };
}

function list(rows: Json[], after: string | null, limit: number): SenderReply {
  const at = after === null ? 0 : rows.findIndex(({ id }) => id === after) + 1;
  if (after !== null && at === 0)
    return { status: 400, body: { error: { code: 'resource_missing', param: 'starting_after' } } };
  const { page, hasMore } = pageOf(rows, at, limit);
  return { body: { object: 'list', data: page, has_more: hasMore } };
}

function itemsOf({ id: subscription, quantity = 25, items = 1 }: SoldAtStripe): Json[] {
  const price = recordedItem['price'] as object;
  return Array.from({ length: items }, (_, at) => ({
    ...recordedItem,
    id: `si_${at}`,
    subscription,
    price: at === 0 ? price : { ...price, id: `price_${at}` },
    quantity,
  }));
}

function toSubscription(one: SoldAtStripe): Json {
  const { id, customer, status = 'active', livemode = true, metadata = {} } = one;
  const person = { id: customer, object: 'customer', name: 'Customer, Inc', email: 'it@customer.example', livemode };
  const all = itemsOf(one);
  const items = { object: 'list', data: all.slice(0, ITEMS), has_more: all.length > ITEMS };
  return { ...recorded, id, customer: person, status, livemode, metadata, items, cancel_at: null };
}

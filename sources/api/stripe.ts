import { z } from 'zod';
import type { SourceObject } from '../../contract/source-objects.js';
import { optional, readEnvelope } from '../body.js';
import type { Reading } from '../kind.js';
import { nothing } from '../readings.js';
import { readSubscription } from '../stripe-objects.js';
import {
  expectAbout,
  readRow,
  segment,
  SourceApiError,
  type ListingPage,
  type ApiAnswer,
  type Ask,
  type SourceApi,
  type TruthContext,
} from './source-api.js';

/** The shape in which objects are asked for, whatever the account's default is. */
const VERSION = '2026-10-28.endive';
const SENDER = 'the API of Stripe';
const PAGE = 100;
const MOST_PAGES = 20;

const listShape = z.object({ data: z.array(z.looseObject({ id: z.string().min(1) })), has_more: z.boolean() });
const itemsShape = z.looseObject({ id: z.string().min(1), items: listShape });
const liveShape = z.object({ livemode: z.boolean() });
const idShape = z.object({ id: z.string().min(1) });
const ownerShape = z.union([z.string(), idShape.transform(({ id }) => id)]);
const rowShape = z.object({ customer: optional(ownerShape), subscription: optional(ownerShape) });

/**
 * Stripe. A restricted key needs to read Subscriptions and Customers.
 * @see https://docs.stripe.com/api/subscriptions/retrieve
 */
export const stripeApi: SourceApi = {
  subscriptionType: 'subscription',
  address: 'https://api.stripe.com',
  headers: (key) => ({ authorization: `Bearer ${key}`, 'stripe-version': VERSION }),
  keyProblem: (key) => (/^[rs]k_(live|test)_\S+$/.test(key) ? undefined : 'must hold an API key, rk_… or sk_…'),
  async read({ type, id }: SourceObject, ask: Ask, context: TruthContext): Promise<Reading[]> {
    if (type === 'customer') return await readAllOf(id, ask, context);
    const query = { 'expand[]': 'customer' };
    const { body, at } = await ask({ path: `v1/subscriptions/${segment(id)}`, query });
    expectAbout(id, readEnvelope(idShape, body, SENDER).id);
    return [await readWhole(body, at, ask, context)];
  },
  async account(ask) {
    const answer = await ask({ path: 'v1/account' }).catch(undefinedIfForbidden);
    return answer && readEnvelope(idShape, answer.body, SENDER).id;
  },
  async list(after, ask, context): Promise<ListingPage> {
    const query = { status: 'all', 'expand[]': 'data.customer', limit: PAGE, ...(after && { starting_after: after }) };
    const { body, at } = await ask({ path: 'v1/subscriptions', query });
    const { data, has_more } = readEnvelope(listShape, body, SENDER);
    const readings: Reading[] = [];
    for (const row of data) readings.push(await readRow(context, async () => await readWhole(row, at, ask, context)));
    const last = data.at(-1);
    return { readings, count: data.length, ...(has_more && last && { next: last.id }) };
  },
};

/** A restricted key need not be allowed to read its account. */
function undefinedIfForbidden(error: unknown): undefined {
  if (error instanceof SourceApiError && error.kind === 'credentials') return undefined;
  throw error;
}

/** Every subscription of a customer: the reference can be on each of them. */
async function readAllOf(customer: string, ask: Ask, context: TruthContext): Promise<Reading[]> {
  const query = { customer, status: 'all', 'expand[]': 'data.customer' };
  const { rows, at } = await listAll('v1/subscriptions', query, ask);
  for (const row of rows) expectAbout(customer, readEnvelope(rowShape, row, SENDER).customer);
  if (rows.length === 0) return [nothing(context.event, `the customer ${customer} has no subscription`)];
  return await Promise.all(rows.map(async (row) => await readWhole(row, at, ask, context)));
}

/** A subscription with all its items: Stripe lists only the first of many. */
async function readWhole(value: unknown, at: string, ask: Ask, context: TruthContext): Promise<Reading> {
  const { id, items } = readEnvelope(itemsShape, value, SENDER);
  const { livemode: live } = readEnvelope(liveShape, value, SENDER);
  const all = items.has_more ? await listAll('v1/subscription_items', { subscription: id }, ask) : { rows: items.data };
  for (const row of all.rows) expectAbout(id, readEnvelope(rowShape, row, SENDER).subscription);
  const whole = { ...(value as object), items: { data: all.rows, has_more: false } };
  const reading = readSubscription(whole, { ...context.event, live }, at, context);
  // the shared reference is on neither object, so the customer is named by its own id
  if (reading.says !== 'changed') return reading;
  return readSubscription(whole, { ...context.event, live }, at, { ...context, reference: undefined });
}

async function listAll(path: string, query: Record<string, string>, ask: Ask) {
  const rows: z.output<typeof listShape>['data'] = [];
  let first: ApiAnswer | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const last = rows.at(-1);
    const answer = await ask({ path, query: { ...query, limit: PAGE, ...(last && { starting_after: last.id }) } });
    first ??= answer;
    const { data, has_more } = readEnvelope(listShape, answer.body, SENDER);
    rows.push(...data);
    if (!has_more || data.length === 0) return { rows, at: first.at };
  }
  throw new SourceApiError('unreadable', `${path} has more than ${MOST_PAGES} pages`);
}

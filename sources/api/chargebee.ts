import { z } from 'zod';
import type { SourceObject } from '../../contract/source-objects.js';
import { optional, readEnvelope } from '../body.js';
import { readSubscription } from '../chargebee.js';
import type { Reading } from '../kind.js';
import { nothing } from '../readings.js';
import {
  expectAbout,
  segment,
  SourceApiError,
  type ListingPage,
  type Ask,
  type SourceApi,
  type TruthContext,
} from './source-api.js';

const SENDER = 'the API of Chargebee';
const PAGE = 100;
const MOST_PAGES = 20;

const subscriptionShape = z.looseObject({ id: optional(z.string()), customer_id: optional(z.string()) });
const entryShape = z.looseObject({ subscription: subscriptionShape, customer: z.looseObject({}).optional() });
const listShape = z.object({ list: z.array(entryShape), next_offset: z.string().optional() });

/**
 * Chargebee. Each site has an address of its own.
 * @see https://apidocs.chargebee.com/docs/api/subscriptions
 */
export const chargebeeApi: SourceApi = {
  subscriptionType: 'subscription',
  headers: (key) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }),
  async read({ type, id }: SourceObject, ask: Ask, context: TruthContext): Promise<Reading[]> {
    if (type === 'customer') return await readAllOf(id, ask, context);
    const { body, at } = await ask({ path: `api/v2/subscriptions/${segment(id)}` });
    const entry = readEnvelope(entryShape, body, SENDER);
    expectAbout(id, entry.subscription.id);
    return [readSubscription(context.event, at, entry, context)];
  },
  account: async (_ask, { address }) => new URL(address).hostname,
  async list(after, ask, context): Promise<ListingPage> {
    const query = { limit: PAGE, 'sort_by[asc]': 'created_at', ...(after && { offset: after }) };
    const { body, at } = await ask({ path: 'api/v2/subscriptions', query });
    const { list, next_offset: next } = readEnvelope(listShape, body, SENDER);
    const readings = list.map((entry) => readSubscription(context.event, at, entry, context));
    return { readings, count: list.length, ...(next !== undefined && { next }) };
  },
};

/** Every subscription of a customer: the reference can be on each of them. */
async function readAllOf(customer: string, ask: Ask, context: TruthContext): Promise<Reading[]> {
  const readings: Reading[] = [];
  let offset: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { 'customer_id[is]': customer, limit: PAGE, ...(offset !== undefined && { offset }) };
    const { body, at } = await ask({ path: 'api/v2/subscriptions', query });
    const { list, next_offset } = readEnvelope(listShape, body, SENDER);
    for (const { subscription } of list) expectAbout(customer, subscription.customer_id);
    readings.push(...list.map((entry) => readSubscription(context.event, at, entry, context)));
    offset = next_offset;
    if (offset !== undefined) continue;
    return readings.length > 0 ? readings : [nothing(context.event, `the customer ${customer} has no subscription`)];
  }
  throw new SourceApiError('unreadable', `the customer ${customer} has more than ${MOST_PAGES} pages of subscriptions`);
}

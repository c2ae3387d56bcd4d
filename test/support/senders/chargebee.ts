import { part } from '../../sources/deliveries.js';
import { imitateSender, pageOf, type SenderCall, type SenderReply } from './sender.js';

export const CHARGEBEE_KEY = 'imitated-key';

/** A subscription at Chargebee: what the tests need of it. */
export interface SoldAtChargebee {
  id: string;
  customer: string;
  status?: string;
  quantity?: number;
  deleted?: boolean;
}

const recorded = part('chargebee/subscription_created.json', ['content']);
const authorization = `Basic ${Buffer.from(`${CHARGEBEE_KEY}:`).toString('base64')}`;

/** Chargebee's API with subscriptions in memory. */
export async function imitateChargebee() {
  const sold = new Map<string, SoldAtChargebee>();
  let version = 1_767_225_600_000;
  const versions = new Map<string, number>();
  const sender = await imitateSender((call) => answer(call, sold, versions), {
    api_error_code: 'resource_not_found',
    message: 'not found',
  });
  const set = (one: SoldAtChargebee) => {
    sold.set(one.id, { ...sold.get(one.id), ...one });
    versions.set(one.id, (version += 1000));
  };
  return { ...sender, sold, set };
}

function answer(
  { path, query, headers }: SenderCall,
  sold: Map<string, SoldAtChargebee>,
  versions: Map<string, number>,
): SenderReply | undefined {
  if (headers.authorization !== authorization) return { status: 401, body: {} };
  const toEntry = (one: SoldAtChargebee) => entryOf(one, versions.get(one.id)!);
  if (path === '/api/v2/subscriptions') {
    const customer = query.get('customer_id[is]');
    const rows = [...sold.values()].filter((one) => customer === null || one.customer === customer);
    const offset = query.get('offset');
    const from = offset === null ? 0 : Number(/^after-(\d+)$/.exec(offset)?.[1] ?? NaN);
    if (Number.isNaN(from)) return { status: 400, body: { api_error_code: 'invalid_request', param: 'offset' } };
    const limit = Number(query.get('limit') ?? 10);
    const { page, hasMore } = pageOf(rows, from, limit);
    return { body: { list: page.map(toEntry), ...(hasMore && { next_offset: `after-${from + limit}` }) } };
  }
  const one = sold.get(/^\/api\/v2\/subscriptions\/([^/]+)$/.exec(path)?.[1] ?? '');
  return one && { body: toEntry(one) };
}

function entryOf(
  { id, customer, status = 'active', quantity = 25, deleted = false }: SoldAtChargebee,
  version: number,
) {
  const subscription = recorded['subscription'] as { subscription_items: object[] };
  const [item] = subscription.subscription_items;
  return {
    subscription: {
      ...subscription,
      id,
      customer_id: customer,
      status,
      deleted,
      resource_version: version,
      subscription_items: [{ ...item, quantity }],
    },
    customer: { ...(recorded['customer'] as object), id: customer },
  };
}

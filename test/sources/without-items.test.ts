import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findingsOf } from '../../sources/findings.js';
import type { Reading } from '../../sources/kind.js';
import { CONNECTWISE_KEY, imitateConnectwise } from '../support/senders/connectwise.js';
import { HUBSPOT_KEY, imitateHubspot } from '../support/senders/hubspot.js';
import { readObject } from '../support/senders/read-object.js';
import { changed, readBody } from './deliveries.js';

let connectwise: Awaited<ReturnType<typeof imitateConnectwise>>;
let hubspot: Awaited<ReturnType<typeof imitateHubspot>>;
beforeAll(async () => {
  connectwise = await imitateConnectwise();
  hubspot = await imitateHubspot();
});
afterAll(async () => {
  await connectwise.close();
  await hubspot.close();
});

const charge = { item_price_id: 'setup', item_type: 'charge', quantity: 1 };
/** A subscription of which nothing is listed: one that is active, or one that has ended. */
const senders: Readonly<Record<string, (hasEnded: boolean) => Promise<Reading[]>>> = {
  stripe: async (hasEnded) =>
    readBody(
      'stripe',
      changed('stripe/customer.subscription.updated.quantity.json', ['data', 'object'], {
        items: { data: [] },
        status: hasEnded ? 'canceled' : 'active',
      }),
    ),
  chargebee: async (hasEnded) =>
    readBody(
      'chargebee',
      changed('chargebee/subscription_changed.json', ['content', 'subscription'], {
        subscription_items: [charge],
        status: hasEnded ? 'cancelled' : 'active',
      }),
    ),
  hubspot: async (hasEnded) => {
    hubspot.sell('501', 1, hasEnded ? 'churned' : 'closedwon');
    hubspot.objects.deals.get('501')!.associations!.line_items = [];
    const sender = { kind: 'hubspot', key: HUBSPOT_KEY, address: hubspot.url } as const;
    return await readObject(sender, { type: 'deal', id: '33:501' }, { lostStages: ['churned'] });
  },
  connectwise: async (hasEnded) => {
    connectwise.sell(1, 1, { cancelledFlag: hasEnded });
    connectwise.additions.set(1, []);
    const sender = { kind: 'connectwise', key: CONNECTWISE_KEY, address: connectwise.apiUrl } as const;
    return await readObject(sender, { type: 'agreement', id: '1' });
  },
};
const modes = { stripe: 'test' } as Readonly<Record<string, 'test'>>;

describe.each(Object.keys(senders))('a subscription of %s without items', (kind) => {
  const mode = modes[kind] ?? 'live';

  test('that is active is incomplete: what is known of its items stays', async () => {
    const { facts, problems } = findingsOf(await senders[kind]!(false), { mode });
    expect(facts).toEqual([]);
    expect(problems).toEqual([
      {
        path: 'subscription.items',
        message: expect.stringMatching(/^must not be empty before the subscription \S+ has/),
      },
    ]);
  });

  test('that has ended says so', async () => {
    expect(findingsOf(await senders[kind]!(true), { mode })).toMatchObject({
      facts: [{ subscription: { state: 'ended', items: [] } }],
      problems: [],
    });
  });
});

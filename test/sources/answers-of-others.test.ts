import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openApi } from '../../sources/api/http.js';
import { sourceApis } from '../../sources/api/index.js';
import { CHARGEBEE_KEY, imitateChargebee } from '../support/senders/chargebee.js';
import { CLIENT_ID, CONNECTWISE_KEY, imitateConnectwise } from '../support/senders/connectwise.js';
import { HUBSPOT_KEY, imitateHubspot } from '../support/senders/hubspot.js';
import { factsIn } from '../support/senders/read-object.js';
import { imitateStripe, STRIPE_KEY } from '../support/senders/stripe.js';

const keys = { stripe: STRIPE_KEY, chargebee: CHARGEBEE_KEY, hubspot: HUBSPOT_KEY, connectwise: CONNECTWISE_KEY };
type Kind = keyof typeof keys;

let senders: Awaited<ReturnType<typeof imitateAll>>;
beforeAll(async () => {
  senders = await imitateAll();
});
afterAll(async () => {
  for (const sender of Object.values(senders)) await sender.close();
});

/** Each has two customers with a subscription each. */
async function imitateAll() {
  const stripe = await imitateStripe();
  const chargebee = await imitateChargebee();
  const hubspot = await imitateHubspot();
  const connectwise = await imitateConnectwise();
  for (const id of [1, 2]) {
    stripe.set({ id: `sub_${id}`, customer: `cus_${id}`, items: 30 });
    chargebee.set({ id: `sub-${id}`, customer: `c-${id}` });
    hubspot.sell(`50${id}`, id);
    connectwise.sell(id, id);
  }
  return { stripe, chargebee, hubspot, connectwise };
}

/** Reads an object through a proxy that answers one question with the answer to another. */
async function readThrough(kind: Kind, object: { type: string; id: string }, [asked, answered]: [string, string]) {
  const api = sourceApis[kind]!;
  const mixesUp: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    return await fetch(new Request(request.url.replace(new RegExp(asked), answered), request));
  };
  const ask = openApi({
    address: kind === 'connectwise' ? senders.connectwise.apiUrl : senders[kind].url,
    headers: api.headers(keys[kind], { clientId: CLIENT_ID }),
    fetch: mixesUp,
  });
  const event = { id: 'evt-1', type: 'changed', live: true };
  const reference = kind === 'connectwise' ? 'customFields.Our ref' : undefined;
  return await api.read(object, ask, { name: 'shop', timezone: 'UTC', now: new Date(), event, reference });
}

const nothingElse: [string, string] = ['/nothing', '/nothing'];
const subscription = (id: string) => ({ type: 'subscription', id });
const customer = (id: string) => ({ type: 'customer', id });
const agreement = { type: 'agreement', id: '1' };
const deal = { type: 'deal', id: '33:501' };
const cases: [Kind, { type: string; id: string }, [string, string]][] = [
  ['stripe', subscription('sub_1'), ['subscriptions/sub_1', 'subscriptions/sub_2']],
  ['stripe', subscription('sub_1'), ['subscription=sub_1', 'subscription=sub_2']],
  ['stripe', customer('cus_1'), ['customer=cus_1', 'customer=cus_2']],
  ['chargebee', subscription('sub-1'), ['sub-1', 'sub-2']],
  ['chargebee', customer('c-1'), ['c-1', 'c-2']],
  ['hubspot', deal, ['deals/501', 'deals/502']],
  ['hubspot', { type: 'company', id: '33:2501' }, ['companies/2501', 'companies/2502']],
  ['connectwise', agreement, ['agreements/1$', 'agreements/2']],
  ['connectwise', agreement, ['agreements/1/additions', 'agreements/2/additions']],
  ['connectwise', agreement, ['companies/1001', 'companies/1002']],
  ['connectwise', agreement, ['contacts/2001', 'contacts/2002']],
  ['connectwise', agreement, ['2001/communications', '2002/communications']],
  ['connectwise', { type: 'company', id: '1001' }, ['1001', '1002']],
];

describe('an answer about another object than the one that was asked for', () => {
  test.each(cases)('of %s is not believed, and asked for again: %j, %j', async (kind, object, mixedUp) => {
    expect(factsIn(await readThrough(kind, object, nothingElse))).toHaveLength(1);
    await expect(readThrough(kind, object, mixedUp)).rejects.toMatchObject({ kind: 'unreadable' });
  });
});

describe('an object of HubSpot that was merged into another one', () => {
  test('a deal is gone, and a company is the one that is left', async () => {
    const { hubspot } = senders;
    hubspot.objects.deals.get('502')!.properties['hs_merged_object_ids'] = '499;501';
    hubspot.objects.companies.get('2502')!.properties['hs_merged_object_ids'] = '2501';
    await expect(readThrough('hubspot', deal, ['deals/501', 'deals/502'])).rejects.toMatchObject({ kind: 'gone' });
    const company = { type: 'company', id: '33:2501' };
    expect(factsIn(await readThrough('hubspot', company, ['companies/2501', 'companies/2502']))).toMatchObject([
      { subscription: { ref: '502' } },
    ]);
  });
});

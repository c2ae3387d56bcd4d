import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ask, ListingPage, TruthContext } from '../../sources/api/source-api.js';
import { openApi } from '../../sources/api/http.js';
import { sourceApis } from '../../sources/api/index.js';
import { CHARGEBEE_KEY, imitateChargebee } from '../support/senders/chargebee.js';
import { CLIENT_ID, CONNECTWISE_KEY, imitateConnectwise } from '../support/senders/connectwise.js';
import { HUBSPOT_KEY, imitateHubspot } from '../support/senders/hubspot.js';
import { factsIn } from '../support/senders/read-object.js';
import { imitateStripe, STRIPE_KEY } from '../support/senders/stripe.js';

type Kind = 'stripe' | 'chargebee' | 'hubspot' | 'connectwise';
const keys = { stripe: STRIPE_KEY, chargebee: CHARGEBEE_KEY, hubspot: HUBSPOT_KEY, connectwise: CONNECTWISE_KEY };
/** More than two pages of each. */
const SOLD = 230;

let senders: Awaited<ReturnType<typeof imitateAll>>;
beforeAll(async () => {
  senders = await imitateAll();
  for (let at = 1; at <= SOLD; at += 1) sell(at, at);
});
afterAll(async () => {
  for (const sender of Object.values(senders)) await sender.close();
});

async function imitateAll() {
  return {
    stripe: await imitateStripe(),
    chargebee: await imitateChargebee(),
    hubspot: await imitateHubspot(),
    connectwise: await imitateConnectwise(),
  };
}

/** A subscription with this number of units, at each of the four. */
function sell(at: number, quantity: number): void {
  const { stripe, chargebee, hubspot, connectwise } = senders;
  stripe.set({ id: `sub_${at}`, customer: `cus_${at}`, quantity });
  chargebee.set({ id: `sub-${at}`, customer: `c-${at}`, quantity });
  hubspot.sell(String(at), quantity);
  connectwise.sell(at, quantity);
}

const addressOf = (kind: Kind) => (kind === 'connectwise' ? senders.connectwise.apiUrl : senders[kind].url);
const apiOf = (kind: Kind) => sourceApis[kind]!;
function askOf(kind: Kind): Ask {
  const headers = apiOf(kind).headers(keys[kind], { clientId: CLIENT_ID });
  return openApi({ address: addressOf(kind), headers, fetch: globalThis.fetch });
}
const context = (): TruthContext => {
  const event = { id: 'sync-1', type: 'sync', live: true };
  return { name: 'shop', timezone: 'UTC', now: new Date(), event };
};
const pageOf = async (kind: Kind, after?: string) => await apiOf(kind).list(after, askOf(kind), context());

/** Every page; `between` runs after each. */
async function listAll(kind: Kind, between: () => void = () => undefined): Promise<ListingPage[]> {
  const pages: ListingPage[] = [];
  let next: string | undefined;
  do {
    const page = await pageOf(kind, next);
    pages.push(page);
    next = page.next;
    between();
  } while (next !== undefined);
  return pages;
}

/** The units of each subscription, by the pages. */
const unitsIn = (pages: ListingPage[]) =>
  pages
    .flatMap(({ readings }) => factsIn(readings))
    .map(({ subscription }) => subscription!.items[0]!.quantity!)
    .toSorted((a, b) => a - b);

describe.each(['stripe', 'chargebee', 'hubspot', 'connectwise'] as const)('the listing of %s', (kind) => {
  test('has every subscription once, with what belongs to it', async () => {
    const pages = await listAll(kind);
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.reduce((sum, { count }) => sum + count, 0)).toBe(SOLD);
    expect(unitsIn(pages)).toEqual(Array.from({ length: SOLD }, (_, at) => at + 1));
    expect(pages.flatMap(({ readings }) => factsIn(readings)).every(({ customer }) => customer.contact)).toBe(true);
  });

  test('says which account it is of', async () => {
    const where = { key: keys[kind], address: addressOf(kind) };
    const accounts = { stripe: 'acct_1', chargebee: '127.0.0.1', hubspot: '33', connectwise: '127.0.0.1/examplemsp' };
    expect(await apiOf(kind).account(askOf(kind), where)).toBe(accounts[kind]);
  });

  test('is not ended by an object that cannot be used', async () => {
    spoil(kind);
    const pages = await listAll(kind);
    sell(1, 1);
    expect(unitsIn(pages)).toHaveLength(SOLD - 1);
    const says = pages.flatMap(({ readings }) => readings.map((one) => one.says));
    expect(says.filter((one) => one !== 'facts')).toHaveLength(1);
  });
});

/** The first subscription no longer has what is needed. */
function spoil(kind: Kind): void {
  const { stripe, chargebee, hubspot, connectwise } = senders;
  if (kind === 'stripe') stripe.set({ id: 'sub_1', customer: 'cus_1', status: 'limbo' });
  if (kind === 'chargebee') chargebee.set({ id: 'sub-1', customer: 'c-1', status: 'limbo' });
  if (kind === 'hubspot') hubspot.objects.deals.get('1')!.associations = {};
  if (kind === 'connectwise') connectwise.sell(1, 1, { agreementStatus: 'Limbo' });
}

test.each([['stripe'], ['chargebee'], ['hubspot']] as const)(
  '%s has forgotten a place: it is refused',
  async (kind) => {
    await expect(pageOf(kind, 'gone')).rejects.toMatchObject({ kind: 'rejected' });
  },
);

test('what is deleted at ConnectWise while it is listed hides nothing else', async () => {
  const { agreements } = senders.connectwise;
  const first = agreements.get(1)!;
  let isFirst = true;
  const pages = await listAll('connectwise', () => {
    if (isFirst) agreements.delete(1);
    isFirst = false;
  });
  agreements.set(1, first);
  expect(unitsIn(pages)).toEqual(Array.from({ length: SOLD }, (_, at) => at + 1));
});

test('a key of Stripe that may not read its account lists all the same', async () => {
  senders.stripe.fail({ status: 403, body: { error: {} } });
  expect(await apiOf('stripe').account(askOf('stripe'), { key: STRIPE_KEY, address: '' })).toBeUndefined();
});

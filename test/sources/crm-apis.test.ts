import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SourceObject } from '../../contract/source-objects.js';
import type { TruthContext } from '../../sources/api/source-api.js';
import { CONNECTWISE_KEY, imitateConnectwise } from '../support/senders/connectwise.js';
import { HUBSPOT_KEY, imitateHubspot } from '../support/senders/hubspot.js';
import { factsIn, readObject } from '../support/senders/read-object.js';

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

type Kind = 'connectwise' | 'hubspot';
const read = async (kind: Kind, object: SourceObject, more: Partial<TruthContext> = {}) => {
  const senders = {
    connectwise: { kind, key: CONNECTWISE_KEY, address: connectwise.apiUrl },
    hubspot: { kind, key: HUBSPOT_KEY, address: hubspot.url },
  };
  return await readObject(senders[kind], object, more);
};

describe('HubSpot', () => {
  const deal = (id: string) => ({ type: 'deal', id: `33:${id}` });

  test('a won deal is read with its line items, company and contact', async () => {
    hubspot.sell('501', 25);
    expect(factsIn(await read('hubspot', deal('501')))).toMatchObject([
      {
        customer: { ref: 'shop.2501', name: 'Company 501', contact: { email: 'it@501.example', firstName: 'Ada' } },
        subscription: {
          ref: '501',
          state: 'active',
          since: '2026-01-06T10:00:00.000Z',
          items: [{ product: 'BK-WS', aliases: ['88'], quantity: 25 }],
        },
      },
    ]);
  });

  test('a company means its deals', async () => {
    hubspot.set('companies', { id: '9', properties: {} });
    const saysOf = async (id: string) => (await read('hubspot', { type: 'company', id }))[0]!.says;
    expect([await saysOf('33:2501'), await saysOf('33:9')]).toEqual(['facts', 'nothing']);
  });

  test('more line items than one batch holds are added up by product', async () => {
    const ids = Array.from({ length: 230 }, (_, at) => `77${at}`);
    for (const id of ids) hubspot.set('line_items', { id, properties: { hs_sku: 'BK-TB', quantity: '2' } });
    hubspot.sell('502', 1);
    hubspot.objects.deals.get('502')!.associations!.line_items = ids;
    const [fact] = factsIn(await read('hubspot', deal('502')));
    expect(fact!.subscription!.items).toEqual([{ product: 'BK-TB', quantity: 460 }]);
  });

  test('stages decide where they are given; an open deal is none', async () => {
    hubspot.sell('503', 1, 'live');
    const stages = { wonStages: ['live'], lostStages: ['churned'] };
    expect(await read('hubspot', deal('503'))).toMatchObject([{ says: 'nothing' }]);
    expect(factsIn(await read('hubspot', deal('503'), stages))[0]!.subscription!.state).toBe('active');
    hubspot.sell('503', 1, 'churned');
    expect(factsIn(await read('hubspot', deal('503'), stages))[0]!.subscription!.state).toBe('ended');
  });

  test('without a company the contact is the customer; without both the deal cannot be used', async () => {
    hubspot.sell('504', 1);
    hubspot.objects.deals.get('504')!.associations!.companies = [];
    expect(factsIn(await read('hubspot', deal('504')))[0]!.customer.ref).toBe('shop.contact-3504');
    hubspot.objects.deals.get('504')!.associations!.contacts = [];
    expect(await read('hubspot', deal('504'))).toMatchObject([{ says: 'incomplete' }]);
  });

  test('the reference is a property of the deal or of the company', async () => {
    hubspot.sell('505', 1);
    hubspot.objects.companies.get('2505')!.properties['our_ref'] = 'C-5';
    expect(factsIn(await read('hubspot', deal('505'), { reference: 'our_ref' }))[0]!.customer.ref).toBe('C-5');
  });

  test('a deal of another account is not read, although this account has one with its id', async () => {
    await expect(read('hubspot', { type: 'deal', id: '34:501' })).rejects.toMatchObject({ kind: 'credentials' });
  });

  test('a deal with a line item that is missing from the answer is not read', async () => {
    hubspot.sell('506', 1);
    hubspot.objects.line_items.delete('1506');
    await expect(read('hubspot', deal('506'))).rejects.toMatchObject({ kind: 'unreadable' });
  });

  test('a won deal that was deleted is gone; one that was never won is nothing', async () => {
    hubspot.sell('507', 1);
    hubspot.sell('508', 1, 'qualified');
    for (const id of ['507', '508']) hubspot.remove(id);
    await expect(read('hubspot', deal('507'))).rejects.toMatchObject({ kind: 'gone' });
    expect(await read('hubspot', deal('508'))).toMatchObject([{ says: 'nothing' }]);
  });

  test('a deal that is not there is gone', async () => {
    await expect(read('hubspot', deal('1'))).rejects.toMatchObject({ kind: 'gone' });
  });
});

describe('ConnectWise', () => {
  const agreement = (id: number) => ({ type: 'agreement', id: String(id) });
  const stateOf = async (id: number, more: object) => {
    connectwise.sell(id, 1, more);
    const [reading] = await read('connectwise', agreement(id), { timezone: 'Europe/Vienna' });
    return reading!.says === 'facts' ? reading!.facts[0]!.subscription : reading;
  };

  test('an agreement is read with its additions, its company and the address of its contact', async () => {
    connectwise.sell(1, 40);
    expect(factsIn(await read('connectwise', agreement(1)))).toMatchObject([
      {
        customer: { ref: 'shop.1001', name: 'Company 1', contact: { email: 'it@2001.example', lastName: 'Muster' } },
        subscription: { ref: '1', state: 'active', items: [{ product: 'BK-WS', quantity: 40 }] },
      },
    ]);
  });

  test('more additions than a page holds are added up by product; cancelled and future ones do not count', async () => {
    connectwise.sell(2, 0);
    const one = (id: number, more: object = {}) => ({ id, product: { identifier: 'BK-TB' }, quantity: 2, ...more });
    connectwise.additions.set(2, [
      ...Array.from({ length: 1200 }, (_, at) => one(at + 1)),
      one(2001, { cancelledDate: '2026-01-01T00:00:00Z' }),
      one(2002, { effectiveDate: '2999-01-01T00:00:00Z' }),
    ]);
    expect(factsIn(await read('connectwise', agreement(2)))[0]!.subscription!.items).toEqual([
      { product: 'BK-TB', quantity: 2400 },
    ]);
  });

  test('a company means its agreements', async () => {
    expect(factsIn(await read('connectwise', { type: 'company', id: '1001' }))).toHaveLength(1);
    expect(await read('connectwise', { type: 'contact', id: '77' })).toMatchObject([{ says: 'nothing' }]);
  });

  test('the reference is a custom field of the agreement or of the company, by its caption', async () => {
    connectwise.sell(3, 1);
    const context = { reference: 'customFields.Our ref' };
    const customFields = [{ id: 7, caption: 'Our ref', value: 'C-3' }];
    expect(factsIn(await read('connectwise', agreement(3), context))[0]!.customer.ref).toBe('shop.1003');
    connectwise.companies.set(1003, { ...connectwise.companies.get(1003)!, customFields });
    expect(factsIn(await read('connectwise', agreement(3), context))[0]!.customer.ref).toBe('C-3');
  });

  test.each([
    ['Active', { agreementStatus: 'Active' }, { state: 'active' }],
    ['Inactive', { agreementStatus: 'Inactive' }, { state: 'paused' }],
    ['cancelled', { cancelledFlag: true }, { state: 'ended' }],
    [
      'cancelled for a day that is past',
      { cancelledFlag: true, dateCancelled: '2026-02-28T00:00:00Z' },
      { state: 'ended', since: '2026-02-28T22:59:59.999Z' },
    ],
    [
      'cancelled for a day to come',
      { cancelledFlag: true, dateCancelled: '2999-02-28T00:00:00Z' },
      { state: 'active', until: '2999-02-28T22:59:59.999Z' },
    ],
    [
      'with a beginning to come',
      { startDate: '2999-02-28T00:00:00Z' },
      { state: 'active', since: '2999-02-27T23:00:00.000Z' },
    ],
    [
      'Active although its end is past',
      { noEndingDateFlag: false, endDate: '2026-02-28T00:00:00Z' },
      { says: 'notice', text: expect.stringContaining('nothing is ended') },
    ],
    [
      'Expired',
      { agreementStatus: 'Expired', noEndingDateFlag: false, endDate: '2026-02-28T00:00:00Z' },
      { state: 'ended' },
    ],
    ['Expired without an end', { agreementStatus: 'Expired' }, { says: 'notice' }],
    ['of an unknown status', { agreementStatus: 'Paused' }, { says: 'notice' }],
  ])('an agreement: %s', async (_, more, expected) => {
    expect(await stateOf(10, more)).toMatchObject(expected);
  });

  test.each([
    ['Active', 'active'],
    ['Inactive', 'paused'],
  ])('an end date to come is no end of an agreement: %s', async (agreementStatus, state) => {
    const more = { agreementStatus, noEndingDateFlag: false, endDate: '2999-02-28T00:00:00Z' };
    expect(await stateOf(11, more)).toEqual({ ref: '11', items: [{ product: 'BK-WS', quantity: 1 }], state });
  });

  test('an agreement of a type that is not named is none', async () => {
    expect(await read('connectwise', agreement(1), { agreementTypes: ['Telephony'] })).toMatchObject([
      { says: 'nothing' },
    ]);
  });

  test('an agreement that is not there is gone', async () => {
    await expect(read('connectwise', agreement(404))).rejects.toMatchObject({ kind: 'gone' });
  });
});

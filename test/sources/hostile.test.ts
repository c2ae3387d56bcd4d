import { describe, expect, test } from '@jest/globals';
import { sourceKinds } from '../../sources/index.js';
import { delivery, readBody } from './deliveries.js';

const now = new Date('2026-04-01T00:00:00Z');
const key = Buffer.alloc(24, 7).toString('base64');
const house = (data: object) => ({
  type: 'subscription.changed',
  timestamp: '2026-03-31T00:00:00Z',
  data: { customer: { ref: 'C-1' }, subscription: { ref: 'S-1', plan: 'p', state: 'active' }, ...data },
});
const hook = (service: object) => ({
  type: 'whmcs.AfterModuleCreate',
  timestamp: '2026-03-31T00:00:00Z',
  data: { service: { serviceid: 1, userid: 2, pid: 3, status: 'Active', ...service } },
});

describe('a secret', () => {
  test.each([
    ['whmcs', 'whsec_'],
    ['standard-webhooks', 'whsec_'],
    ['standard-webhooks', ''],
    ['standard-webhooks', 'garbage'],
    ['standard-webhooks', `whsec_${Buffer.alloc(23, 7).toString('base64')}`],
    ['standard-webhooks', `whsk_${key}`],
    ['standard-webhooks', 'whpk_abcd'],
    ['stripe', 'sk_live_0123456789abcdef'],
    ['stripe', 'whsec_'],
  ] as const)('of %s cannot be %j', (kind, secret) => {
    expect(sourceKinds[kind].secretProblem?.(secret)).toMatch(/^must hold/);
  });

  test('with a whole key can be used', () => {
    expect(sourceKinds['standard-webhooks'].secretProblem?.(`whsec_${key}`)).toBeUndefined();
    expect(sourceKinds['standard-webhooks'].secretProblem?.(key)).toBeUndefined();
    expect(sourceKinds.stripe.secretProblem?.('whsec_0123456789abcdef')).toBeUndefined();
  });

  test('without a key signs nothing that is believed', () => {
    const { sign, verify } = sourceKinds['standard-webhooks'];
    const body = Buffer.from('{}');
    const headers = sign(body, { secret: 'whsec_', now, id: 'msg_1', url: '' });
    expect(verify(delivery(body, headers), { secrets: ['whsec_'], now })).toMatchObject({ reason: 'wrong' });
  });
});

test('an HMAC does not cover the headers of a CloudEvent in binary mode, so it is not enough there', () => {
  const { sign, verify } = sourceKinds.cloudevents;
  const body = Buffer.from('{}');
  const headers = { ...sign(body, { secret: 'key', now, id: '', url: '' }), 'ce-id': '1' };
  expect(verify(delivery(body, headers), { secrets: ['key'], now })).toBeUndefined();
  expect(
    verify(delivery(body, { ...headers, 'content-type': 'application/json' }), { secrets: ['key'], now }),
  ).toMatchObject({
    reason: 'wrong',
  });
  const bearer = { 'content-type': 'application/json', authorization: 'Bearer key' };
  expect(verify(delivery(body, bearer), { secrets: ['key'], now })).toBeUndefined();
});

test.each(['false', 0, 'no'])('live: %j is a problem: it would count as live', (live) => {
  expect(readBody('standard-webhooks', house({ live }))).toMatchObject([
    { says: 'incomplete', problems: [{ path: 'data.live', message: 'must be true or false' }] },
  ]);
  const whmcs = hook({});
  expect(readBody('whmcs', { ...whmcs, data: { ...whmcs.data, live } })).toMatchObject([
    { says: 'incomplete', problems: [{ path: 'data.live' }] },
  ]);
});

test('a service of WHMCS without options, which PHP writes as a list, is a service', () => {
  expect(readBody('whmcs', hook({ configoptions: [] }))).toMatchObject([{ says: 'facts' }]);
});

test.each([-3, 1e30, '-1'])('an option of WHMCS with the number %j is no quantity', (Seats) => {
  const [reading] = readBody('whmcs', hook({ configoptions: { Seats, Other: '4' } }));
  expect(reading).toMatchObject({
    facts: [{ subscription: { items: [{ quantities: { 'configoptions.Other': 4 } }] } }],
  });
  expect(JSON.stringify(reading)).not.toContain('configoptions.Seats');
});

test('an object whose id is no text does not break the reading', () => {
  const id = { toString: 1 };
  const stripe = {
    id: 'evt_1',
    object: 'event',
    type: 'charge.refunded',
    created: 1,
    livemode: true,
    data: { object: { id } },
  };
  expect(readBody('stripe', stripe)).toMatchObject([{ says: 'notice' }]);
  const cancellation = {
    type: 'whmcs.CancellationRequest',
    timestamp: '2026-03-31T00:00:00Z',
    data: { cancellation: { relid: id } },
  };
  expect(readBody('whmcs', cancellation)).toMatchObject([{ says: 'changed' }]);
});

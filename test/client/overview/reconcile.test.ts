import { describe, expect, test } from '@jest/globals';
import type { CustomerStatus, TenantState } from '../../../contract/customers.js';
import { mismatchesIn } from '../../../client/overview/reconcile.js';
import { day, known, subscription, tenantState } from './known.js';

const compare = (...statuses: Partial<CustomerStatus>[]) =>
  mismatchesIn({ customers: statuses.map((one) => known(one).status), taken: new Set(), clouds: [] });
const differing = (sold: Partial<TenantState>, set: Partial<TenantState>, more: Partial<CustomerStatus> = {}) =>
  compare({ wanted: tenantState(sold), applied: tenantState(set), ...more });

/** A customer without a tenant. */
function without(more: Partial<CustomerStatus>): Partial<CustomerStatus> {
  return { tenantId: undefined as never, applied: undefined as never, ...more };
}

test('a customer that is as sold has no mismatch, however its amounts are written', () => {
  const quotas = { workstations: { limit: 25, overage: 0 }, storage: { limit: '1024 GiB' } };

  expect(differing({}, { quotas })).toEqual([]);
});

describe('sold without a tenant', () => {
  test.each<[Partial<CustomerStatus>, string]>([
    [{ observed: true }, 'the customer is only observed'],
    [{ waitingFor: 'name and e-mail of the customer' }, 'it waits for name and e-mail of the customer'],
    [{ blocked: { type: 'x', message: 'the login is taken' }, waitingFor: 'x' }, 'the login is taken'],
    [
      { running: { operation: 'provisionCustomer', id: 'provisionCustomer:C-1', state: 'running' } },
      'provisionCustomer:C-1 is running',
    ],
    [{}, 'no subscription would be enabled'],
  ])('%j says why', (status, why) => {
    expect(compare(without(status))).toMatchObject([{ kind: 'soldWithoutTenant', ref: 'C-1', why }]);
  });

  test('is also a tenant that somebody has deleted', () => {
    expect(differing({}, { exists: false })).toMatchObject([
      { kind: 'soldWithoutTenant', why: 'somebody has deleted the tenant in the cloud' },
    ]);
  });

  test('is not a customer of whom nothing is sold', () => {
    expect(compare(without({ wanted: tenantState({ exists: false }) }))).toEqual([]);
  });
});

describe('a tenant without a sale', () => {
  const listed = (tenantId: string, more: object = {}) => ({
    tenantId,
    parentId: 'p',
    name: `Name of ${tenantId}`,
    kind: 'customer',
    ...more,
  });

  test('is one of a customer that buys nothing any more', () => {
    expect(compare({ state: 'suspended', wanted: tenantState({ exists: false, enabled: false }) })).toMatchObject([
      { kind: 'tenantWithoutSale', ref: 'C-1', why: expect.stringContaining('the customer is suspended') as unknown },
    ]);
  });

  test('is one in the cloud that no customer has; partners and units are none', () => {
    const tenants = [
      listed('t-1'),
      listed('t-2', { customerId: 'K-2' }),
      listed('t-3', { kind: 'partner' }),
      listed('t-4', { kind: 'unit' }),
    ];

    expect(mismatchesIn({ customers: [], taken: new Set(['t-1']), clouds: [{ cloud: 'eu', tenants }] })).toEqual([
      {
        kind: 'tenantWithoutSale',
        cloud: 'eu',
        tenantId: 't-2',
        name: 'Name of t-2',
        why: 'no customer has this tenant; its customer_id is K-2',
      },
    ]);
  });
});

describe('a tenant with the reference of a customer that has none', () => {
  const tenants = [{ tenantId: 't-1', parentId: 'p', name: 'Contoso', kind: 'customer', customerId: 'C-1' }];
  const compared = (status: Partial<CustomerStatus>, cloud = 'default') =>
    mismatchesIn({ customers: [known(without(status)).status], taken: new Set(), clouds: [{ cloud, tenants }] }).filter(
      ({ kind }) => kind === 'tenantWithoutSale',
    );

  test('may be adopted by it', () => {
    expect(compared({})).toMatchObject([{ ref: 'C-1', why: 'C-1 may adopt it; its customer_id is C-1' }]);
  });

  test('is the one that is just being created', () => {
    expect(compared({ running: { operation: 'provisionCustomer', id: 'p:C-1', state: 'running' } })).toEqual([]);
  });

  test('is nobody’s in another cloud', () => {
    const [one] = compared({}, 'eu');

    expect(one).toMatchObject({ why: 'no customer has this tenant; its customer_id is C-1' });
    expect(one).not.toHaveProperty('ref');
  });
});

describe('what is set otherwise than sold', () => {
  test.each<[string, Partial<TenantState>, Partial<TenantState>, object]>([
    [
      'a quota',
      { quotas: {} },
      { quotas: { storage: { limit: '1 TiB' } } },
      { field: 'quotas.storage', sold: 'unlimited', set: '1 TiB' },
    ],
    [
      'an overage',
      { quotas: { storage: { limit: '1 TiB', overage: '1 GiB' } } },
      { quotas: { storage: { limit: '1 TiB' } } },
      { field: 'quotas.storage', sold: '1 TiB and 1 GiB more', set: '1 TiB' },
    ],
    [
      'an item that is off',
      {},
      { offeringItems: ['storage'] },
      { field: 'offeringItems.workstations', sold: 'on', set: 'off' },
    ],
    ['the billing mode', {}, { billingMode: 'production' }, { field: 'billingMode', sold: 'trial', set: 'production' }],
    ['the edition', { edition: 'a' }, { edition: 'b' }, { field: 'edition', sold: 'a', set: 'b' }],
    ['an edition that is missing', { edition: 'a' }, {}, { field: 'edition', sold: 'a', set: 'none' }],
    ['whether it is enabled', { enabled: false }, {}, { field: 'enabled', sold: 'false', set: 'true' }],
  ])('%s is named with both', (_, sold, set, expected) => {
    expect(differing(sold, set)).toMatchObject([{ kind: 'soldIsNotSet', ...expected }]);
  });

  test('an item that nobody has bought is of its own kind, unless an edition brings it', () => {
    const extra = { offeringItems: ['servers', 'storage', 'workstations'] };

    expect(differing({}, extra)).toMatchObject([
      { kind: 'notSold', field: 'offeringItems.servers', sold: 'off', set: 'on' },
    ]);
    expect(differing({ edition: 'a' }, { edition: 'a', ...extra })).toEqual([]);
  });

  test.each<[Partial<CustomerStatus>, string]>([
    [{ notDone: [{ field: 'quotas.storage', why: 'uses 2 TiB' }] }, 'uses 2 TiB'],
    [
      { different: [{ field: 'quotas.storage', wanted: 1, is: 2, since: day(-1) }] },
      `somebody has changed it in the cloud; seen on ${day(-1)}`,
    ],
    [{ observed: true }, 'the customer is only observed'],
    [{ state: 'converging' }, 'the customer is converging'],
  ])('says why, as in %j', (more, why) => {
    expect(differing({ quotas: {} }, { quotas: { storage: { limit: '1 TiB' } } }, more)).toMatchObject([{ why }]);
  });
});

test('a tenant that is disabled while its source still bills is named, and one that is paused there is not', () => {
  const subscriptions = [
    subscription({ ref: 'a', state: 'past_due' }),
    subscription({ ref: 'b', state: 'paused' }),
    subscription({ ref: 'c', state: 'trialing' }),
  ];
  const off = tenantState({ enabled: false });

  expect(compare({ state: 'suspended', subscriptions, wanted: off, applied: off })).toMatchObject([
    {
      kind: 'suspendedAndBilled',
      why: expect.stringMatching(/disabled, and shop says that a is past due since/) as unknown,
    },
  ]);
});

test('what was sold in vain comes first, then by reference', () => {
  const all = compare(
    { ref: 'C-2', wanted: tenantState({ exists: false }) },
    without({ ref: 'C-3' }),
    without({ ref: 'C-1' }),
  );

  expect(all.map(({ kind, ref }) => [kind, ref])).toEqual([
    ['soldWithoutTenant', 'C-1'],
    ['soldWithoutTenant', 'C-3'],
    ['tenantWithoutSale', 'C-2'],
  ]);
});

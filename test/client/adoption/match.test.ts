import { describe, expect, test } from '@jest/globals';
import { matchTenants, type SoldCustomer } from '../../../client/adoption/match.js';
import type { ListedTenant } from '../../../contract/tenant-listing.js';

const rootId = '00000000-0000-4000-8000-000000000000';
const aTenant = (tenantId: string, more: Partial<ListedTenant> = {}): ListedTenant => ({
  tenantId,
  parentId: rootId,
  name: `Tenant ${tenantId}`,
  kind: 'customer',
  ...more,
});
const match = (
  customers: readonly SoldCustomer[],
  tenants: readonly ListedTenant[],
  { holders = {}, linkedRefs = [] }: { holders?: Record<string, string>; linkedRefs?: readonly string[] } = {},
) => Object.fromEntries(matchTenants({ customers, linkedRefs, tenants, holders: new Map(Object.entries(holders)) }));

describe('a customer is linked', () => {
  const tenants = [
    aTenant('t1'),
    aTenant('t2', { madeFor: 'C~202' }),
    aTenant('t3', { customerId: ' C-3 ' }),
    aTenant('t4', { name: ' Mu\u0308ller GmbH ' }),
  ];

  test.each([
    ['tenantId', 't1', { ref: 'C-1', tenantId: 'T1' }],
    ['mark', 't2', { ref: 'C 2' }],
    ['customer_id', 't3', { ref: 'C-3', name: 'Tenant t3' }],
    ['name', 't4', { ref: 'C-4', name: 'M\u00fcller GmbH' }],
  ])('by %s', (by, tenantId, customer) => {
    expect(match([customer], tenants)[customer.ref]).toMatchObject({ outcome: 'link', by, tenant: { tenantId } });
  });

  test('by the tenant that a person has named, whatever else fits', () => {
    const others = [...tenants, aTenant('t5', { customerId: 'C-1' })];
    expect(match([{ ref: 'C-1', tenantId: 't1' }], others)['C-1']).toMatchObject({ by: 'tenantId' });
  });

  test('by its number, although the tenants of two customers have one name', () => {
    const [one, other] = ['1', '2'].map((ref) => aTenant(`t${ref}`, { name: 'Smith', customerId: ref }));
    const found = match(
      [
        { ref: '1', name: 'Smith' },
        { ref: '2', name: 'Smith' },
      ],
      [one!, other!],
    );
    expect(found).toMatchObject({ 1: { tenant: { tenantId: 't1' } }, 2: { tenant: { tenantId: 't2' } } });
  });
});

describe('nothing is linked', () => {
  test.each([
    ['two tenants have the name', [aTenant('t1', { name: 'Ann' }), aTenant('t2', { name: 'Ann' })]],
    ['two tenants have the number', [aTenant('t1', { customerId: '1' }), aTenant('t2', { customerId: '1' })]],
    ['one has the number, and another the name', [aTenant('t1', { customerId: '1' }), aTenant('t2', { name: 'Ann' })]],
    ['one has the mark, and another the number', [aTenant('t1', { madeFor: '1' }), aTenant('t2', { customerId: '1' })]],
  ])('where %s', (_where, tenants) => {
    expect(match([{ ref: '1', name: 'Ann' }], tenants)['1']).toMatchObject({
      outcome: 'ambiguous',
      candidates: [{ tenantId: 't1' }, { tenantId: 't2' }],
    });
  });

  test('where two customers have the name of one tenant', () => {
    const found = match(
      [
        { ref: '1', name: 'Ann' },
        { ref: '2', name: 'Ann' },
      ],
      [aTenant('t1', { name: 'Ann' })],
    );
    expect(found['1']).toMatchObject({ outcome: 'ambiguous', why: 'another customer fits it: 2 (name)' });
    expect(found['2']).toMatchObject({ outcome: 'ambiguous', why: 'another customer fits it: 1 (name)' });
  });

  test('to a tenant whose number is that of another customer, also of one that has its tenant', () => {
    const tenants = [aTenant('t1', { name: 'Ann', customerId: '2' })];
    expect(match([{ ref: '1', name: 'Ann' }], tenants, { linkedRefs: ['2'] })['1']).toMatchObject({
      outcome: 'ambiguous',
      why: 'another customer fits it: 2 (customer_id)',
    });
    expect(match([{ ref: '1', name: 'Ann' }], tenants)['1']).toMatchObject({ outcome: 'link' });
  });

  test('to a tenant that another customer has', () => {
    const found = match([{ ref: '1', name: 'Ann' }], [aTenant('t1', { name: 'Ann' })], {
      holders: { t1: 'customer:9' },
    });
    expect(found['1']).toEqual({ outcome: 'nothing', why: 't1 Ann fits by name, but customer:9 has it' });
  });

  test('to a partner, a folder or an unknown tenant, also if a person has named it', () => {
    const partner = aTenant('t1', { name: 'Ann', kind: 'partner', customerId: '1', madeFor: '1' });
    expect(match([{ ref: '1', name: 'Ann' }], [partner])['1']).toEqual({ outcome: 'nothing' });
    expect(match([{ ref: '1', tenantId: 't1' }], [partner])['1']).toEqual({
      outcome: 'nothing',
      why: 'Ann is a partner: only a customer can be adopted',
    });
    expect(match([{ ref: '1', tenantId: 't2', name: 'Ann' }], [aTenant('t3', { name: 'Ann' })])['1']).toMatchObject({
      outcome: 'nothing',
      why: expect.stringContaining('there is no tenant t2'),
    });
  });
});

describe('a near name is only proposed', () => {
  const contoso = aTenant('t1', { name: 'Contoso, GmbH & Co. KG' });

  test.each(['contoso', 'CONTOSO Inc.', 'Contosó Ltd', ' Con-toso  Sp. z o.o.', 'Contoso S.A.'])('%j', (name) => {
    expect(match([{ ref: '1', name }], [contoso])['1']).toMatchObject({
      outcome: 'near',
      candidates: [{ tenantId: 't1', name: contoso.name }],
    });
  });

  test.each(['Contoso Berlin', 'GmbH', '', 'Fabrikam'])('%j is not near', (name) => {
    expect(match([{ ref: '1', name }], [contoso, aTenant('t2', { name: 'Co' })])['1']).toEqual({ outcome: 'nothing' });
  });

  test('not one that another customer has, or gets', () => {
    const tenants = [contoso, aTenant('t2', { name: 'Contoso' })];
    const customers = [
      { ref: '1', name: 'CONTOSO' },
      { ref: '2', name: 'Contoso' },
    ];
    expect(match(customers, tenants, { holders: { t1: 'customer:9' } })['1']).toEqual({ outcome: 'nothing' });
  });
});

import { expect, test } from '@jest/globals';
import { catalogue } from '../../catalogue/index.js';
import { namedById, tenantOfOrder } from '../../catalogue/tenant-of-order.js';
import { exampleOf } from '../support/orders.js';

const ID = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';

/** What an input is about, as its operation reads it. */
function tenantIn(operation: string, input: unknown) {
  const reading = catalogue[operation]!.read(input);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return tenantOfOrder(operation, reading.order);
}

test('of every operation it is known which tenant it is about, except where it names only a user', () => {
  const unknown = Object.keys(catalogue).filter((name) => tenantIn(name, exampleOf(name)) === undefined);

  expect(unknown).toEqual(['impersonateUser']);
});

test.each([
  ['provisionCustomer', { customer: { name: 'N', parentTenantId: ID.toUpperCase() } }, { id: ID }],
  ['provisionCustomer', { customer: { name: 'N' } }, 'own'],
  ['provisionPartner', { partner: { name: 'P', parentTenantId: ID }, editions: 'all' }, { id: ID }],
  ['produceReport', { kind: 'usage_current', level: 'accounts' }, 'own'],
  ['updatePartners', { to: { editions: 'all' } }, 'own'],
  ['updatePartners', { root: { customerId: 'c' }, to: { editions: 'all' } }, { customerId: 'c' }],
  ['resendActivation', { user: { login: 'ann' }, tenant: { name: 'N' } }, { name: 'N' }],
])('%s %j is about %j', (operation, input, tenant) => {
  expect(tenantIn(operation, input)).toMatchObject({ tenant });
});

test('an order that names only a user can be about anybody', () => {
  expect(tenantIn('resendActivation', { user: { login: 'ann' } })).toBeUndefined();
  expect(tenantIn('issueAgentToken', { user: { login: 'ann' } })).toBeUndefined();
});

test('a tenant that was named by name is named by its id, and nothing else changes', () => {
  const input = { user: { login: 'ann' }, tenant: { name: 'N' }, onFailure: 'undo' };

  expect(namedById(input, tenantIn('resendActivation', input)!, ID)).toEqual({ ...input, tenant: { id: ID } });
  const order = { customer: { name: 'N' } };
  expect(namedById(order, tenantIn('provisionCustomer', order)!, ID)).toEqual(order);
});

import { expect, test } from '@jest/globals';
import { assert, jsonValue, property } from 'fast-check';
import { catalogue } from '../../catalogue/index.js';
import { withFields } from '../../client/cli/set-fields.js';
import { tenantryHere } from '../support/command-here.js';

const entry = catalogue['provisionCustomer']!;
const person = { login: 'jane', email: 'jane@example.com' };
const order = { customer: { name: 'Acme' }, administrator: person, offeringItems: ['workstations', 'storage'] };
const set = (path: string, text: string, input: unknown = order) => withFields(entry, input, [{ path, text }]);

test.each<[string, string, object]>([
  ['customer.name', 'Other, Inc', { customer: { name: 'Other, Inc' } }],
  ['customer.managedByProvider', 'false', { customer: { name: 'Acme', managedByProvider: false } }],
  ['customer.contact.city', 'Bonn', { customer: { name: 'Acme', contact: { city: 'Bonn' } } }],
  ['offeringItems', '["storage"]', { offeringItems: ['storage'] }],
  ['offeringItems.1', 'nas', { offeringItems: ['workstations', 'nas'] }],
  ['offeringItems.2', 'nas', { offeringItems: ['workstations', 'storage', 'nas'] }],
  ['quotas.storage.limit', '1 TiB', { quotas: { storage: { limit: '1 TiB' } } }],
  ['quotas.workstations.limit', '25', { quotas: { workstations: { limit: 25 } } }],
  ['administrator', 'null', { administrator: null }],
])('--set %s=%s', (path, text, changed) => {
  expect(set(path, text)).toEqual({ ...order, ...changed });
});

test('a text that looks like a number stays a text where the field takes no number', () => {
  expect(set('customer.customerId', '0042')).toMatchObject({ customer: { customerId: '0042' } });
  expect(set('customer.customerId', '42')).toMatchObject({ customer: { customerId: '42' } });
});

test('the given input stays as it was', () => {
  const before = structuredClone(order);
  set('customer.name', 'Other');

  expect(order).toEqual(before);
});

test('any value of JSON is set as it is where the field takes any', () => {
  assert(
    property(jsonValue(), (value) => {
      const changed = withFields({ ...entry, read: () => ({ ok: false, problems: [] }) }, {}, [
        { path: 'some.field', text: JSON.stringify(value) },
      ]);

      expect(changed).toEqual({ some: { field: JSON.parse(JSON.stringify(value)) as unknown } });
    }),
  );
});

test('a field of the prototype is a field like any other', async () => {
  set('__proto__.polluted', 'yes');

  expect(({} as { polluted?: string }).polluted).toBeUndefined();
  const { stderr } = await tenantryHere(['run', 'lockTenant', '--set', '__proto__.polluted=yes']);
  expect(stderr).toContain('__proto__: cannot be the name of a field');
});

test.each<[string[], RegExp]>([
  [['customer.nmae=x'], /customer\.nmae: is not a field of this operation; did you mean name\?/],
  [['customer.name.first=x'], /customer\.name: must be a text, not an object/],
  [['offeringItems=[]', 'offeringItems.3=x'], /--set offeringItems\.3: 3 is no place in a list of 0\. Count from 0\./],
  [['customer..name=x'], /It must be a field and its value, such as customer\.name=Acme\./],
  [['name'], /It must be a field and its value/],
])('--set %j is refused, and nothing is started', async (fields, message) => {
  const given = fields.flatMap((field) => ['--set', field]);
  const ended = await tenantryHere(['run', 'provisionCustomer', ...given], { TEMPORAL_ADDRESS: '127.0.0.1:1' });

  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(message) });
});

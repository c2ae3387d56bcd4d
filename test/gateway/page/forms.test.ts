import { expect, test } from '@jest/globals';
import { catalogue } from '../../../catalogue/index.js';
import { allFields } from '../../../gateway/page/fields.js';
import { exampleOf, fieldsOfOperation, readOrderForm, sheetOf } from '../../../gateway/page/order-form.js';

const entries = Object.values(catalogue);

test.each(entries)('the form of $name says its example, and says it as JSON', (entry) => {
  const example = exampleOf(entry);

  for (const manner of ['fields', 'json'] as const) {
    const reading = readOrderForm(entry, sheetOf(entry, example, manner).said);
    expect(reading.problems).toEqual([]);
    expect(entry.read(reading.input)).toEqual(entry.read(example));
  }
});

test.each(entries)('the fields of $name can be told apart', (entry) => {
  const paths = allFields(fieldsOfOperation(entry), false).map(({ path }) => path);

  expect(paths.length).toBeGreaterThan(3);
  expect(paths).toEqual([...new Set(paths)]);
});

test('what is left empty is not given, and a field of a form that was not chosen neither', () => {
  const entry = catalogue['provisionCustomer']!;
  const said = new URLSearchParams({
    'customer.name': ' Café ',
    'customer.contact.email': '',
    'customer.managedByProvider': 'true',
    offeringItems: 'storage\r\n\n workstations ',
    activation: 'email',
    'activation[password].secretRef': 'env:LEFT_OVER',
    twoFactor: 'false',
  });

  expect(readOrderForm(entry, said).input).toEqual({
    customer: { name: 'Café', managedByProvider: true },
    offeringItems: ['storage', 'workstations'],
    activation: { by: 'email' },
    twoFactor: false,
  });
});

test('JSON with a key twice is a problem at its field', () => {
  const entry = catalogue['provisionCustomer']!;

  expect(readOrderForm(entry, new URLSearchParams({ input: '{"a":1,"a":2}' })).problems).toEqual([
    { path: 'input', message: 'a is there twice, and only the last one would count: remove one' },
  ]);
});

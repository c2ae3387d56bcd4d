import { expect, test } from '@jest/globals';
import { assert, constantFrom, dictionary, jsonValue, property, record } from 'fast-check';
import { differences } from '../../contract/differences.js';

const orders = dictionary(constantFrom('customer', 'quotas', 'note'), jsonValue({ maxDepth: 2 }));
const asJson = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test('an order does not differ from itself, however it was sent', () => {
  assert(
    property(orders, (order) => {
      expect(differences(order, asJson(order))).toEqual([]);
    }),
  );
});

test('two orders differ in the same places from either side, with what is there and here exchanged', () => {
  assert(
    property(record({ one: orders, other: orders }), ({ one, other }) => {
      const there = differences(one, other);
      const back = differences(other, one).map(({ path, there, here }) => ({ path, there: here, here: there }));

      expect(back).toEqual(there);
    }),
  );
});

test('a place that was changed is named, and no other', () => {
  assert(
    property(orders, constantFrom('customer', 'quotas', 'note', 'fresh'), (order, field) => {
      const changed = { ...order, [field]: 'changed by this test' };

      expect(differences(order, changed)).toEqual([
        expect.objectContaining({ path: expect.stringContaining(field), here: '"changed by this test"' }),
      ]);
    }),
  );
});

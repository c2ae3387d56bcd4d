import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { catalogue } from '../../catalogue/index.js';
import { plainWords, problemsOf } from '../../catalogue/wording.js';
import { anOrder } from '../support/orders.js';

const order = anOrder();

test.each<[what: string, change: object, path: string, message: string]>([
  ['a list for an object', { customer: [] }, 'customer', 'must be an object, not a list'],
  ['a text for a list', { offeringItems: 'storage' }, 'offeringItems', 'must be a list, not a text'],
  ['a number for a text', { edition: 5 }, 'edition', 'must be a text, not a number'],
  ['a text for a choice of two', { twoFactor: 'yes' }, 'twoFactor', 'must be true or false, not a text'],
  ['null', { customer: null }, 'customer', 'is missing'],
  ['an empty text', { customer: { ...order.customer, name: '' } }, 'customer.name', 'must not be empty'],
  ['another word', { billingMode: 'free' }, 'billingMode', 'must be one of "trial", "production"'],
  [
    'no address',
    { administrator: { ...order.administrator, email: 'x' } },
    'administrator.email',
    'must be an e-mail address',
  ],
])('a problem is said in plain words: %s', (_what, change, path, message) => {
  const reading = catalogue['provisionCustomer']!.read({ ...order, ...change });

  const problems = reading.ok ? [] : reading.problems;
  expect(problems).toContainEqual({ path, message });
});

test('a field of a request that is not there is missing', () => {
  const { error } = z.object({ reason: z.string() }).safeParse({}, { error: plainWords });

  expect(problemsOf(error!)).toEqual([{ path: 'reason', message: 'is missing' }]);
});

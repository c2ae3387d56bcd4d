import { expect, test } from '@jest/globals';
import { startTestEnvironment } from '../support/test-environment.js';
import { expectNoLeaks, leaksIn, type Secrets } from '../support/leaks.js';
import { anOrder } from '../support/orders.js';

const secrets: Secrets = [
  ['the secret', 'hunter2-hunter2'],
  ['a token', /tok\.[0-9a-f]{8}/],
];
const base64 = (text: string) => Buffer.from(text).toString('base64');

test.each([
  ['as it is', 'x=hunter2-hunter2;', 'the secret'],
  ['in base64', `{"data":"${base64('{"password":"hunter2-hunter2"}')}"}`, 'the secret'],
  ['in base64 within base64', base64(`{"data":"${base64('the hunter2-hunter2')}"}`), 'the secret'],
  ['three layers deep', base64(`{"a":"${base64(`{"b":"${base64('hunter2-hunter2')}"}`)}"}`), 'the secret'],
  ['in an Authorization header', base64(`{"authorization":"Basic ${base64('id:hunter2-hunter2')}"}`), 'the secret'],
  ['by its form', base64('{"access_token":"tok.0123abcd"}'), 'a token'],
])('a secret is found %s, and called by its label only', (_where, text, label) => {
  expect(leaksIn(`before ${text} after`, secrets)).toEqual([label]);
  expect(() => expectNoLeaks([['a log', text]], secrets)).toThrow(
    new Error(`secrets are given away: ${label} in a log`),
  );
});

test('what holds none passes', () => {
  expect(leaksIn(base64('{"login":"hunter","reference":"store:hunter2"}'), secrets)).toEqual([]);
});

test('a test environment fails at its end when the history of one of its runs contains a secret', async () => {
  const env = await startTestEnvironment();
  const { clientSecret } = env.simulator;

  await env.provision(anOrder({ customer: { name: `oh, ${clientSecret}` } }), 'careless');

  await expect(env.close()).rejects.toThrow(/the secret of client \S+ in careless /);
});

import { expect, test } from '@jest/globals';
import { readSources } from '../../sources/sources-file.js';

const stripe = { kind: 'stripe', secrets: ['file:stripe-signing'] };
const problemsOf = (value: unknown) => {
  const read = readSources(value);
  return 'problems' in read ? read.problems : [];
};

test('a source observes, is live and counts days in UTC unless it says otherwise', () => {
  expect(readSources({ shop: stripe })).toEqual({
    sources: { shop: { ...stripe, act: 'observe', mode: 'live', owns: [], timezone: 'UTC' } },
  });
});

test('each kind has its own fields', () => {
  expect(
    readSources({
      psa: { kind: 'connectwise', secrets: [], host: 'na.myconnectwise.net' },
      crm: { kind: 'hubspot', secrets: ['env:HUBSPOT'], wonStages: ['closedwon'] },
    }),
  ).toMatchObject({ sources: { psa: { host: ['na.myconnectwise.net'] }, crm: { wonStages: ['closedwon'] } } });
  expect(problemsOf({ shop: { ...stripe, host: 'na.myconnectwise.net' } })).toEqual([
    { path: 'shop.host', message: 'is not a field of a source of this kind' },
  ]);
});

test.each([
  ['an unknown kind', { shop: { ...stripe, kind: 'stripes' } }, 'shop.kind'],
  ['no secret', { shop: { kind: 'stripe' } }, 'shop.secrets'],
  ['a secret itself', { shop: { ...stripe, secrets: ['whsec_abc'] } }, 'shop.secrets.0'],
  ['a name that cannot stand in an address', { 'My Shop': stripe }, 'My Shop'],
  ['a misspelt field', { shop: { ...stripe, timezon: 'UTC' } }, 'shop.timezon'],
  ['a time zone that does not exist', { shop: { ...stripe, timezone: 'Europe/Wien' } }, 'shop.timezone'],
  ['a tenant that is no id', { shop: { ...stripe, parentTenantId: '12' } }, 'shop.parentTenantId'],
  ['an API that is not https', { shop: { ...stripe, apiUrl: 'http://api.stripe.com' } }, 'shop.apiUrl'],
  ['an API with a login', { shop: { ...stripe, apiUrl: 'https://me:you@api.stripe.com' } }, 'shop.apiUrl'],
  [
    'a key of Chargebee without the address of the site',
    { cb: { kind: 'chargebee', secrets: ['env:CB'], apiKey: 'env:KEY' } },
    'cb.apiUrl',
  ],
  ['ConnectWise without a host', { psa: { kind: 'connectwise', secrets: [] } }, 'psa.host'],
  ['a list', [stripe], 'sources'],
  ['no object', { shop: 'stripe' }, 'shop'],
])('%s is a problem with its path', (_what, value, path) => {
  expect(problemsOf(value).map((problem) => problem.path)).toEqual([path]);
});

test('every problem of every source is named at once', () => {
  const paths = problemsOf({ a: { kind: 'x' }, b: { ...stripe, mode: 'both', act: 'now' } }).map(
    (problem) => problem.path,
  );
  expect(paths).toEqual(['a.kind', 'b.act', 'b.mode']);
});

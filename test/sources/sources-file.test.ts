import { expect, test } from '@jest/globals';
import { sourceApis } from '../../sources/api/index.js';
import { sourceKinds, type SourceKindName } from '../../sources/index.js';
import { readSources } from '../../sources/sources-file.js';

const stripe = { kind: 'stripe', secrets: ['file:stripe-signing'] };
const kindNames = Object.keys(sourceKinds) as SourceKindName[];
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
    { path: 'shop.host', message: 'is not a field of a source of this kind: only connectwise can have it' },
  ]);
});

test('a source of files sends nothing, so it has no secret, and an import decides when its customers are acted for', () => {
  const csv = { kind: 'csv', cloud: 'eu' };
  expect(readSources({ csv })).toEqual({
    sources: { csv: { ...csv, secrets: [], act: 'observe', mode: 'live', owns: [], timezone: 'UTC' } },
  });
  expect(problemsOf({ csv: { ...csv, act: 'apply', secrets: ['env:A'], reference: 'x', apiKey: 'env:B' } })).toEqual([
    { path: 'csv.act', message: 'must be observe: an import acts for its customers, a few at a time' },
    { path: 'csv.secrets', message: 'must be empty: nobody signs a file' },
    { path: 'csv.reference', message: 'is not a field of a source of this kind' },
    { path: 'csv.apiKey', message: expect.stringContaining('is not a field of a source of this kind: only ') },
  ]);
});

test.each(kindNames)('a source of kind %s can have an apiKey exactly when its API is read', (kind) => {
  const needed = { apiUrl: 'https://api.example.com', clientId: '00000000-0000-4000-8000-00000000c11d' };
  const host = kind === 'connectwise' ? { host: 'na.myconnectwise.net' } : {};
  const given = { kind, secrets: kind === 'connectwise' ? [] : ['env:A'], ...host, apiKey: 'env:B' };
  const fields = Object.keys(sourceKinds[kind].settings);
  const known = Object.fromEntries(Object.entries(needed).filter(([field]) => fields.includes(field)));

  const ofKey = problemsOf({ one: { ...given, ...known } });
  expect(ofKey.map(({ path }) => path)).toEqual(kind in sourceApis ? [] : ['one.apiKey']);
});

test.each([
  ['kind', { shop: { ...stripe, kind: 'stirpe' } }, 'shop.kind', 'stripe'],
  ['field', { shop: { ...stripe, time_zone: 'UTC' } }, 'shop.time_zone', 'timezone'],
])('a misspelt %s is named with the right one', (_what, value, path, meant) => {
  expect(problemsOf(value)).toEqual([{ path, message: expect.stringContaining(`; did you mean ${meant}?`) }]);
});

test('a name that is like none has no suggestion', () => {
  expect(problemsOf({ shop: { ...stripe, kind: 'shopify' } })[0]!.message).not.toContain('did you mean');
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

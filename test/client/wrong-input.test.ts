import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { emptyFolder } from '../support/command.js';
import { tenantryHere } from '../support/command-here.js';

/** Nothing listens on port 1, so whatever is not refused before says that. */
const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1' };
const cloud = { ACRONIS_BASE_URL: 'https://cloud.example.com', ACRONIS_CLIENT_ID: 'x', ACRONIS_CLIENT_SECRET: 'y' };

interface Wrong {
  args: readonly string[];
  settings?: Record<string, string>;
  input?: string;
}

/** The answer of a command to something wrong: refused, in plain words, and as the same in JSON. */
async function refusalOf({ args, settings = {}, input = '' }: Wrong): Promise<string> {
  const { code, stdout, stderr } = await tenantryHere(args, { ...nowhere, ...settings }, input);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toMatch(/^ +at |Error:|undefined|\[object/m);
  return stderr;
}

const person = { login: 'jane', email: 'jane@example.com' };
const orderWith = (fields: object) => JSON.stringify({ customer: { name: 'A' }, administrator: person, ...fields });

describe('a wrong field of an order is named, with what it must be', () => {
  test.each<[string, string]>([
    [orderWith({ customer: {} }), 'customer.name: is missing'],
    [orderWith({ customer: { name: '' } }), 'customer.name: must not be empty'],
    [orderWith({ customer: { nmae: 'A' } }), 'customer.nmae: is not a field of this operation; did you mean name?'],
    [orderWith({ costumer: {} }), 'costumer: is not a field of this operation; did you mean customer?'],
    [orderWith({ favourite: 1 }), 'favourite: is not a field of this operation: remove it or correct its name'],
    [orderWith({ customer: { name: 'A', parentTenantId: 'x' } }), 'customer.parentTenantId: must be a tenant id like '],
    [
      orderWith({ customer: { name: 'A', language: 'klingon' } }),
      'customer.language: must be a language code like "en"',
    ],
    [orderWith({ administrator: { ...person, email: 'no' } }), 'administrator.email: must be an e-mail address'],
    [orderWith({ administrator: 7 }), 'administrator: must be an object, not a number'],
    [orderWith({ billingMode: 'free' }), 'billingMode: must be one of "trial", "production"'],
    [orderWith({ billingMode: 'production' }), 'confirm: must be the customer\'s exact name ("A"), because '],
    [
      orderWith({ quotas: { storage: { limit: '1 TX' } } }),
      'quotas.storage.limit: must be a whole number, or an amount',
    ],
    [orderWith({ decisionDeadline: 'soon' }), 'decisionDeadline: must be a duration in words, such as "30 days"'],
    [orderWith({ decisionDeadline: '2 days' }), 'then: is missing: say "undo" or "keep"'],
    [orderWith({ onFailure: 'panic' }), 'onFailure: must be one of "ask", "undo", "keep"'],
    [orderWith({ activation: { by: 'pigeon' } }), 'activation.by: must be one of "email", "password"'],
    [orderWith({ activation: { by: 'password' } }), 'activation.secretRef: is missing'],
    [
      orderWith({ activation: { by: 'password', secretRef: 'x' } }),
      'activation.secretRef: must be env:NAME, file:NAME or',
    ],
    [orderWith({ offeringItems: 'storage' }), 'offeringItems: must be a list, not a text'],
    ['[]', 'input: must be an object, not a list'],
    [
      '{"customer": {"name": "One", "name": "Two"}}',
      'customer.name is there twice, and only the last one would count: remove',
    ],
    [
      'customer:\n  name: A\n',
      'Standard input is not valid JSON: line 1, column 1: .*; this looks like YAML: write it as JSON',
    ],
    ["{'customer': 1}", 'line 1, column 2: .*; JSON wants straight double quotes'],
    ['{"customer": 1,\n}', 'line 2, column 1: .*; remove the comma before it'],
    ['{"customer": 1 // one\n}', 'line 1, column 16: .*; JSON has no comments: remove it'],
    ['', 'line 1, column 1: .*; nothing is in it'],
  ])('%s', async (input, sentence) => {
    const said = await refusalOf({ args: ['run', 'provisionCustomer', '--input', '-'], input });

    expect(said).toMatch(new RegExp(sentence.replaceAll(/[?()[\]{}]/g, String.raw`\$&`)));
  });
});

describe('a wrong word on the command line is named, with what it may be', () => {
  test.each<[string, string]>([
    ['runn', "unknown command 'runn'\n(Did you mean run?)"],
    ['run', "missing required argument 'operation'\n(see --help)"],
    ['run provisionCustomr --input -', 'There is no operation provisionCustomr. Did you mean provisionCustomer?'],
    ['run fly --input -', 'There is no operation fly. Known are: addUser, allow'],
    ['run constructor --input -', 'There is no operation constructor. Known are: '],
    ['plan addUsr --input -', 'Did you mean addUser?'],
    ['run provisionCustomer', "required option '--input <file>' not specified\n(Give that or --set)"],
    ['run provisionCustomer --set name', 'It must be a field and its value, such as customer.name=Acme.'],
    ['run lockTenant --input /nothere.json', 'There is no file called /nothere.json.'],
    ['run lockTenant --input /', '/ is a folder, not a file.'],
    ['run lockTenant --set tenant.name=x --id foo', 'The id "foo" cannot be used: it must be lockTenant: and a key'],
    [
      'run lockTenant --set tenant.name=x --wait soon',
      "'--wait <duration>' argument 'soon' is invalid. It must be a duration",
    ],
    ['run lockTenant --set tenant=x', 'tenant: must be {"id"}, {"customerId"} or {"name"} of one tenant'],
    [
      'run offboardCustomer --set tenant.name=A --set grace=30',
      'grace: must be a duration in words, such as "30 days"',
    ],
    ['list --stat blocked', "unknown option '--stat'\n(Did you mean --state?)"],
    ['list --state sleepy', "'sleepy' is invalid. Allowed choices are running, blocked"],
    ['list --limit ten', "'--limit <n>' argument 'ten' is invalid. It must be a whole number."],
    ['list --since tomorrow', '\'tomorrow\' is invalid. It must be like "7 days" or 2024-07-01.'],
    ['list --operation addUsr', 'There is no operation addUsr. Did you mean addUser?'],
    ['list --output xml', "'xml' is invalid. Allowed choices are table, json, csv."],
    ['list -q --csv', "option '-q, --quiet' cannot be used with option '--csv'"],
    ['list extra', "too many arguments for 'list'. Expected 0 arguments but got 1."],
    ['abort x', "required option '--reason <text>' not specified"],
    ['abort x --reason=', "option '--reason <text>' argument '' is invalid. It must say why."],
    ['retry --reason y', 'Name one run, or give --all.'],
    ['retry x --step a --reason y', '--cause and --step go with --all.'],
    ['extend-grace x --by 5 --reason y', "'--by <duration>' argument '5' is invalid. It must be a duration in words"],
    ['customer adopt C-1 --tenant x --reason y', '--tenant: must be the id of a tenant.'],
    ['customer pause C-1 --until noon --reason y', '--until: must be a date, such as 2026-12-31T00:00:00Z.'],
    [
      'customer move C-1 --subscription a --to C-2 --reason y',
      '--subscription: must be SOURCE/ID, such as shop/sub_1.',
    ],
    ['customer converge C-1 --administrator jane --reason y', 'It must be none, or a person as JSON, such as {"email"'],
    [
      'import x.csv --at-once 1000 --plan',
      "'--at-once <count>' argument '1000' is invalid. It must be a whole number from 1 to 100.",
    ],
    ['import x.csv --canary -1', "'--canary <count>' argument '-1' is invalid. It must be a whole number."],
    ['import x.csv --max-failures many', 'It must be a whole number, or a share such as 5%.'],
    ['import x.csv', 'No sources are configured: set TENANTRY_SOURCES to the path of sources.json.'],
    ['key create a --role king', "'king' is invalid. Allowed choices are read, operate, decide."],
    ['key create a/b --role read', 'a/b: a name may hold letters, digits and . _ @ - only'],
    [
      'key create a --role read --below x',
      '--below x: must be the id of a tenant. "tenantry show search NAME" finds it.',
    ],
    ['key list', 'TENANTRY_API_KEYS: is missing; set it to the file in which the keys are kept'],
    ['secret put a/b', 'a/b: a name may hold letters, digits and . _ - only'],
    ['secret put a', 'TENANTRY_SECRETS_STORE: is missing; set it to the folder'],
    ['setup --retention 0', "'--retention <days>' argument '0' is invalid. It must be at least one day."],
    ['calendar --days 0', "'--days <n>' argument '0' is invalid. It must be at least one day."],
    ['gateway --port 70000', "'--port <n>' argument '70000' is invalid. A port is at most 65535."],
    ['engine --db /nothere/x.db', 'The folder /nothere does not exist. Create it, or give another --db.'],
    ['simulator machine register --token x --url y', '--url y: must be an address, such as http://127.0.0.1:8080'],
    ['brake release --reason y', 'Name the customers that wait, or give --all.'],
    ['adopt', 'Give either --from or --source.'],
    ['audit /nothere', 'The audit log /nothere cannot be read: there is no such file.'],
    ['show tree', 'No cloud is configured here. Set ACRONIS_BASE_URL, ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET.'],
  ])('%s', async (line, sentence) => {
    const args = line.split(' ');

    const said = await refusalOf({ args });
    const json = await tenantryHere([...args, '--json'], nowhere);

    expect(said).toContain(sentence);
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { kind: 'refused', code: 2, type: expect.stringMatching(/^(Usage|Refused|InvalidInput)$/) },
    });
  });
});

describe('a wrong setting is named, with what it must be', () => {
  test.each<[string, Record<string, string>, string]>([
    ['list', { TEMPORAL_ADDRESS: 'http://127.0.0.1:1' }, 'TEMPORAL_ADDRESS: must be host and port, such as '],
    ['list', { TEMPORAL_ADDRESS: '127.0.0.1:99999' }, 'TEMPORAL_ADDRESS: must be host and port, such as '],
    ['list', { TEMPORAL_TLS: 'maybe' }, 'TEMPORAL_TLS: must be true or false'],
    [
      'list',
      { TEMPORAL_TLS_CLIENT_CERT_PATH: '/no' },
      'TEMPORAL_TLS_CLIENT_CERT_PATH: the file /no cannot be read: there is',
    ],
    ['list', { TENANTRY_CODEC_KEYS: 'abc' }, 'TENANTRY_CODEC_KEYS: must be "id:key"'],
    ['list', { TENANTRY_CODEC_KEYS: 'k1:short' }, 'create one with "openssl rand -base64 32"'],
    [
      'show tree',
      { ...cloud, ACRONIS_BASE_URL: 'ftp://x' },
      'ACRONIS_BASE_URL: is not an http(s) URL. Give the origin',
    ],
    [
      'show tree',
      { ...cloud, ACRONIS_BASE_URL: 'https://x/api/2' },
      'ACRONIS_BASE_URL: ends in /api/2, which is added',
    ],
    [
      'show tree',
      { ...cloud, ACRONIS_CLIENT_SECRET: '' },
      'ACRONIS_CLIENT_SECRET: is missing (or ACRONIS_CLIENT_SECRET_FILE)',
    ],
    [
      'show tree',
      { TENANTRY_CLOUDS: '/no.json' },
      'TENANTRY_CLOUDS: the file /no.json cannot be read: there is no such file',
    ],
    ['show tree --cloud eu', cloud, 'No cloud is called "eu". Give --cloud one of: default.'],
    ['worker', { ...cloud, TENANTRY_ENV: 'Not Good' }, 'TENANTRY_ENV: must be 1 to 20 of a-z, 0-9 and -, such as'],
    ['worker', { ...cloud, TENANTRY_LOG_LEVEL: 'loud' }, 'TENANTRY_LOG_LEVEL: must be one of debug, info, warn'],
    ['worker', { ...cloud, TENANTRY_CALLS_PER_SECOND: 'fast' }, 'TENANTRY_CALLS_PER_SECOND: must be a number of calls'],
    ['worker', { ...cloud, TENANTRY_NOTICE_MAIL_TO: 'x' }, 'TENANTRY_NOTICE_SMTP: needs all of TENANTRY_NOTICE_SMTP, '],
    ['gateway', { TENANTRY_PAGE_SECRET: 'x' }, 'TENANTRY_PAGE_SECRET: must have at least 32 characters, such as'],
    [
      'gateway',
      { TENANTRY_PUBLIC_URL: 'nonsense' },
      'TENANTRY_PUBLIC_URL: must be an address without a query, such as',
    ],
    ['sources check', { TENANTRY_SOURCES: '/no' }, 'There is no file called /no (TENANTRY_SOURCES).'],
    ['key list', { TENANTRY_API_KEY: '/no' }, 'TENANTRY_API_KEY (did you mean TENANTRY_API_KEYS?)'],
  ])('%s with %j', async (line, settings, sentence) => {
    expect(await refusalOf({ args: line.split(' '), settings })).toContain(sentence);
  });
});

test('a signing secret that cannot sign is refused before anything is sent', async () => {
  const sources = `${emptyFolder}/sources-with-a-wrong-secret.json`;
  writeFileSync(sources, JSON.stringify({ own: { kind: 'standard-webhooks', secrets: ['env:OWN'] } }));
  writeFileSync(`${emptyFolder}/event.json`, '{}');
  const settings = { TENANTRY_SOURCES: sources, TENANTRY_SECRET_OWN: 'whsec_not base64!' };

  const said = await refusalOf({
    args: ['event', 'send', `${emptyFolder}/event.json`, '--source', 'own', '--url', 'http://127.0.0.1:1'],
    settings,
  });

  expect(said).toMatch(/^The secret env:OWN of own cannot be used: it must /);
});

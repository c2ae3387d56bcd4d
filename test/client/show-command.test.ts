import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { tenantryHere } from '../support/command-here.js';
import { emptyFolder } from '../support/command.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';

const example = fileURLToPath(new URL('../../../examples/provisionCustomer.json', import.meta.url));
let simulator: Simulator;
let settings: Record<string, string>;

beforeAll(async () => {
  const tenants = [
    { name: 'Northwind, "Inc"', customer_id: 'crm-17' },
    { name: 'crm-17', kind: 'partner' },
    { name: 'Bell\u0007 & Söhne' },
  ];
  simulator = await startSimulator({ fixture: { tenants } });
  settings = settingsOf(simulator);
});
afterAll(async () => {
  const { unknownRoutes } = simulator;
  await simulator.close();
  expect(unknownRoutes).toEqual([]);
});

function settingsOf({ url, clientId, clientSecret }: Simulator): Record<string, string> {
  return { ACRONIS_BASE_URL: url, ACRONIS_CLIENT_ID: clientId, ACRONIS_CLIENT_SECRET: clientSecret };
}
const show = async (...args: string[]) => tenantryHere(['show', ...args], settings);

describe('the answer', () => {
  test('is a table for people, in which nothing steers the terminal', async () => {
    const { code, stdout } = await show('tree');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^NAME +KIND +ENABLED/);
    expect(stdout).toMatch(/^ {2}Bell {2}& Söhne +customer +yes +trial/m);
  });

  test('is one JSON document with --json, names as they are', async () => {
    const { stdout } = await show('tree', '--json', '--kind', 'customer');

    const rows = JSON.parse(stdout) as { name: string; customerId: string | null }[];
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['Bell\u0007 & Söhne', 'Northwind, "Inc"']));
    expect(rows.find(({ customerId }) => customerId === 'crm-17')).toBeDefined();
  });

  test('is CSV with --csv: every field, quoted where it must be, lines that end in CR LF', async () => {
    const { stdout } = await show('tree', '--csv', '--tenant', 'Northwind, "Inc"');

    const [head, row, ...rest] = stdout.split('\r\n');
    expect(head).toBe('depth,name,kind,enabled,billingMode,customerId,id,parentId');
    expect(row).toMatch(/^0,"Northwind, ""Inc""",customer,true,trial,crm-17,[0-9a-f-]{36},[0-9a-f-]{36}$/);
    expect(rest).toEqual(['']);
  });

  test('is cut off by --limit, with a remark', async () => {
    const { code, stdout, stderr } = await show('tree', '--limit', '2', '--json');

    expect(JSON.parse(stdout)).toHaveLength(2);
    expect(stderr).toContain('--limit');
    expect(code).toBe(0);
  });

  test('may be nothing', async () => {
    const table = await show('search', 'nobody-is-called-so');
    const json = await show('search', 'nobody-is-called-so', '--json');

    expect([table.code, table.stdout]).toEqual([0, 'nothing found\n']);
    expect([json.code, json.stdout]).toEqual([0, '[]\n']);
  });

  test('about usage has the remark that it is not for billing', async () => {
    const { stdout, stderr } = await show('usage', '--json');

    expect(stderr).toContain('not for billing');
    expect(JSON.parse(stdout)).toBeInstanceOf(Array);
  });
});

describe('refused with 2 is', () => {
  test.each([
    ['an unknown look-up', ['nonsense'], /unknown command/],
    ['a look-up without its argument', ['search'], /missing required argument/],
    ['a search for too little', ['search', 'ab'], /3 characters/],
    ['a depth that is no number', ['tree', '--depth', 'deep'], /whole number/],
    ['a limit of nothing', ['tree', '--limit', '0'], /at least 1/],
    ['a kind that there is not', ['tree', '--kind', 'planet'], /Allowed choices/],
    ['a time that is none', ['alerts', '--since', 'yesterday'], /7 days/],
    ['an option of another look-up', ['pricing', '--depth', '1'], /unknown option/],
    ['an unknown tenant', ['tree', '--tenant', 'Nobody, Inc'], /No tenant[^]*Nobody, Inc/],
    ['a tenant of which there are two', ['tree', '--tenant', 'crm-17'], /fits 2 tenants/],
    ['an unknown cloud', ['tree', '--cloud', 'mars'], /"mars"[^]*default/],
  ])('%s', async (_what, args, says) => {
    const { code, stdout, stderr } = await show(...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  test('a tenant that does not fit, as JSON where JSON was asked for', async () => {
    const { code, stdout } = await show('tree', '--tenant', 'Nobody, Inc', '--json');

    expect(JSON.parse(stdout)).toEqual({
      error: { kind: 'refused', type: 'Refused', code: 2, message: expect.stringContaining('Nobody, Inc') },
    });
    expect(code).toBe(2);
  });

  test('a machine without any cloud', async () => {
    const { code, stderr } = await tenantryHere(['show', 'tree']);

    expect(code).toBe(2);
    expect(stderr).toContain('ACRONIS_BASE_URL');
  });

  test('a base URL that cannot be one', async () => {
    const { code, stderr } = await tenantryHere(['show', 'tree'], { ...settings, ACRONIS_BASE_URL: 'http://x/api/2' });

    expect(code).toBe(2);
    expect(stderr).toContain('/api/2');
  });
});

describe('a cloud', () => {
  test('that does not answer is 1, and doctor is named', async () => {
    const { code, stdout, stderr } = await tenantry(['show', 'tree'], {
      ...settings,
      ACRONIS_BASE_URL: 'http://127.0.0.1:9',
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/no answer[^]*tenantry doctor/);
  });

  test.each([
    ['show', 'tree'],
    ['plan', 'provisionCustomer', '--input', example],
  ])('that refuses our API client is 1, with the cause and the remedy once, and no secret: %s', async (...args) => {
    const { code, stdout } = await tenantryHere([...args, '--json'], {
      ...settings,
      ACRONIS_CLIENT_SECRET: 'wrong-secret',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });

    const { error } = JSON.parse(stdout) as { error: { type: string; message: string } };
    expect({ code, type: error.type }).toEqual({ code: 1, type: 'Acronis.Credentials' });
    expect(error.message).toBe(
      'The cloud refuses the API client: POST /idp/token was refused (401): Client authentication failed. ' +
        'Give ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET (clientId and clientSecret in the file TENANTRY_CLOUDS) ' +
        'of a valid API client; the management console makes one under Settings > API clients.',
    );
  });

  test('--cloud chooses one of several', async () => {
    const other = await startSimulator({ fixture: { rootName: 'Other MSP' } });
    const file = join(emptyFolder, 'show-clouds.json');
    const cloud = ({ url: baseUrl, clientId, clientSecret }: Simulator) => ({ baseUrl, clientId, clientSecret });
    writeFileSync(file, JSON.stringify({ default: cloud(simulator), us: cloud(other) }));
    const root = async (...args: string[]) => {
      const { stdout } = await tenantryHere(['show', 'pricing', '--json', ...args], { TENANTRY_CLOUDS: file });
      return (JSON.parse(stdout) as { name: string }[])[0]?.name;
    };

    expect(await root('--cloud', 'us')).toBe('Other MSP');
    expect(await root()).not.toBe('Other MSP');
    await other.close();
  });
});

test('works as a process of its own, with remarks on standard error', async () => {
  const { code, stdout, stderr } = await tenantry(['show', 'users', '--json', '--limit', '1'], settings);

  expect(JSON.parse(stdout)).toHaveLength(1);
  expect(stderr).toContain('--limit');
  expect(code).toBe(0);
});

test('changes nothing', () => {
  const changing = simulator.journal
    .calls()
    .filter(({ route }) => !route.startsWith('GET ') && route !== 'POST /idp/token');
  expect(simulator.journal.calls().length).toBeGreaterThan(10);
  expect(changing).toEqual([]);
});

test('each look-up has an example in its help, and a row in the docs', async () => {
  const { stdout } = await show('--help');
  const names = [...stdout.matchAll(/^ {2}(\w+) \[options\]/gm)].flatMap(([, name]) => name ?? []);
  const docs = readFileSync(new URL('../../../docs/lookups.md', import.meta.url), 'utf8');

  const helps = [];
  for (const name of names) helps.push(await show(name, '--help'));

  expect([...docs.matchAll(/^\| `show (\w+)/gm)].map(([, name]) => name)).toEqual(names);
  expect(helps.map(({ code }) => code)).toEqual(names.map(() => 0));
  expect(helps.filter(({ stdout }, at) => !stdout.includes(`tenantry show ${names[at]}`))).toEqual([]);
});

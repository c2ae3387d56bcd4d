import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { recorded } from '../sources/deliveries.js';
import { openDoor, secretOf, sourceOf, type Door } from './doors.js';

const hookFile = fileURLToPath(new URL('../../../examples/whmcs/tenantry.php', import.meta.url));
const whmcs = fileURLToPath(new URL('../../../test/support/whmcs/whmcs.php', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tenantry-whmcs-'));
const table = join(folder, 'tables.json');

beforeAll(() => {
  const { stdout, error } = spawnSync('php', ['-m'], { encoding: 'utf8' });
  if (error !== undefined || !/^curl$/m.test(stdout))
    throw new Error('The hook file for WHMCS is tested with PHP: install the packages php-cli and php-curl.');
});
afterAll(() => rmSync(folder, { recursive: true }));

let door: Door;
beforeEach(async () => {
  rmSync(table, { force: true });
  door = await openDoor({ now: () => new Date() });
  door.sources.set('whmcs', sourceOf('whmcs', { reference: 'customfields.Tenantry ref' }));
});
afterEach(async () => await door.close());

type Hook = [name: string, variables: object];
interface Recorded {
  type: string;
  data: {
    service: Record<string, unknown> & { customfields: object; configoptions: object };
    client: Record<string, unknown>;
  };
}

const created = JSON.parse(recorded('whmcs/AfterModuleCreate.json').toString()) as Recorded;
const pairs = (map: object, name: string) => Object.entries(map).map(([key, value]) => ({ [name]: key, value }));

/** What WHMCS answers about the service and the client of the recorded delivery. */
function localApi(more: object = {}): object {
  const { service, client } = created.data;
  const product = {
    id: service['serviceid'],
    clientid: service['userid'],
    password: 'service-password',
    ...service,
    customfields: { customfield: pairs(service.customfields, 'name') },
    configoptions: { configoption: pairs(service.configoptions, 'option') },
    ...more,
  };
  return { GetClientsProducts: { products: { product: [product] } }, GetClientsDetails: { client } };
}

/** The variables of a module hook, with the secrets that WHMCS puts into them. */
function moduleVars(): object {
  const { service, client } = created.data;
  const secrets = { password: 'service-password', serverpassword: 'server-password', serveraccesshash: 'access-hash' };
  return { params: { ...service, ...secrets, clientsdetails: { ...client, password: 'client-password' } } };
}

/** One page of WHMCS, in which these hooks run. Answers with its activity log; fails when PHP complains. */
async function page(hooks: Hook[], { url = `${door.url}/v1/events/whmcs`, api = localApi() } = {}): Promise<string> {
  const env = { PATH: process.env['PATH'], TENANTRY_URL: url, TENANTRY_SECRET: secretOf.whmcs };
  const php = spawn('php', [whmcs, hookFile, table], { env: { ...env, LOCAL_API: JSON.stringify(api) } });
  let [log, complaints] = ['', ''];
  php.stdout.on('data', (part: Buffer) => (log += part.toString()));
  php.stderr.on('data', (part: Buffer) => (complaints += part.toString()));
  php.stdin.end(JSON.stringify(hooks));
  await once(php, 'close');
  expect(complaints).toBe('');
  expect(php.exitCode).toBe(0);
  return log;
}

interface Message {
  message_id: string;
  body: string;
  tries: number;
}
const outbox = (): Message[] =>
  existsSync(table)
    ? (JSON.parse(readFileSync(table, 'utf8')) as { mod_tenantry_outbox: Message[] }).mod_tenantry_outbox
    : [];
const facts = () => door.taken.flatMap((one) => one.facts);

test('PHP finds no mistake in the hook file', () => {
  const { stdout, stderr, status } = spawnSync('php', ['-l', hookFile], { encoding: 'utf8' });
  expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('No syntax errors')]);
});

test('a service that a module has created is a fact of its customer, with no secret in it', async () => {
  expect(await page([['AfterModuleCreate', moduleVars()]])).toBe('');
  expect(facts()).toMatchObject([
    {
      event: { id: expect.stringMatching(/^whmcs_[\da-f]{32}$/), type: 'whmcs.AfterModuleCreate' },
      customer: { ref: 'acme-dental', name: 'Acme Dental', contact: { email: 'it@acme-dental.example' } },
      subscription: {
        ref: '1001',
        state: 'active',
        items: [{ product: '12', quantity: 25, quantities: { 'configoptions.Workstations': 25 } }],
      },
    },
  ]);
  expect(outbox()).toEqual([]);
});

test('what is sent has the fields of the recorded delivery, and no other', async () => {
  await page([['AfterModuleCreate', moduleVars()]], { url: 'http://127.0.0.1:1/' });
  const [{ body }] = outbox() as [Message];
  expect(body).not.toMatch(/password|access-hash/);
  const { service, client } = created.data;
  expect((JSON.parse(body) as Recorded).data).toEqual({ hook: 'AfterModuleCreate', service, client });
});

test.each([
  ['AfterModuleSuspend', 'Suspended', 'paused'],
  ['AfterModuleUnsuspend', 'Active', 'active'],
  ['AfterModuleTerminate', 'Terminated', 'ended'],
  ['AfterModuleChangePackage', 'Active', 'active'],
])('%s: the service is %s, the subscription %s', async (hook, status, state) => {
  await page([[hook, moduleVars()]], { api: localApi({ status }) });
  expect(facts()[0]!.subscription!.state).toBe(state);
});

test('what a person edits is sent too', async () => {
  const { userid } = created.data.client;
  await page([['ServiceEdit', { userid, serviceid: 1001 }]], { api: localApi({ status: 'Suspended', qty: '40' }) });
  expect(facts()[0]!.subscription).toMatchObject({ state: 'paused', items: [{ quantity: 40 }] });
});

test('nothing is lost while the gateway is away: the cron job sends it, with its own id and time', async () => {
  expect(await page([['AfterModuleCreate', moduleVars()]], { url: 'http://127.0.0.1:1/' })).toContain('answers 0');
  const [waiting] = outbox() as [Message];
  expect(waiting.tries).toBe(1);
  await page([['AfterCronJob', {}]]);
  expect(facts()).toEqual([]);
  makeDue();
  await page([['AfterCronJob', {}]]);
  const { timestamp } = JSON.parse(waiting.body) as { timestamp: string };
  expect(facts()).toMatchObject([{ event: { id: waiting.message_id }, at: timestamp }]);
  expect(outbox()).toEqual([]);
});

test('a message that is refused holds up no other', async () => {
  const withoutProduct = localApi();
  const { params } = moduleVars() as { params: Record<string, unknown> };
  const broken = { params: { ...params, pid: null } };
  const log = await page(
    [
      ['AfterModuleCreate', broken],
      ['AfterModuleCreate', moduleVars()],
    ],
    { api: withoutProduct },
  );
  expect(log).toContain('answers 422');
  expect(facts()).toHaveLength(1);
  expect(outbox()).toHaveLength(1);
});

test('a mistake breaks no page of WHMCS: it is in the activity log', async () => {
  const api = { GetClientsProducts: 'nonsense' };
  expect(await page([['AfterModuleCreate', moduleVars()]], { api })).toContain('Tenantry: TypeError');
  expect(facts()).toEqual([]);
});

/** As if the pause were over. */
function makeDue(): void {
  const tables = JSON.parse(readFileSync(table, 'utf8')) as { mod_tenantry_outbox: object[] };
  const due = tables.mod_tenantry_outbox.map((one) => ({ ...one, next_at: 0 }));
  writeFileSync(table, JSON.stringify({ mod_tenantry_outbox: due }));
}

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { emptyFolder } from '../support/command.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';

const example = fileURLToPath(new URL('../../../examples/sources.json', import.meta.url));
const recorded = (file: string) => fileURLToPath(new URL(`../../../test/sources/deliveries/${file}`, import.meta.url));
function inFolder(name: string, value: object): string {
  writeFileSync(join(emptyFolder, name), JSON.stringify(value));
  return join(emptyFolder, name);
}
const there = { TENANTRY_SOURCES: example };

test('sources check lists the sources of the example', async () => {
  const { code, stdout } = await tenantry(['sources', 'check', example]);

  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
    ['SOURCE', 'KIND', 'ACT'],
    ['shop', 'stripe', 'observe'],
    ['panel', 'whmcs', 'observe'],
    ['psa', 'connectwise', 'observe'],
    ['own', 'standard-webhooks', 'observe'],
    [''],
  ]);
});

test('sources check names every problem of a file', async () => {
  const ended = await tenantry(['sources', 'check', '-', '--json'], {}, '{"shop": {"kind": "stripe", "secret": "x"}}');

  expect(ended.code).toBe(2);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    error: {
      problems: [
        { path: 'shop.secrets', message: 'is missing' },
        { path: 'shop.secret', message: 'is not a field of a source of this kind; did you mean secrets?' },
      ],
    },
  });
});

test('event explain says what an event says, in words', async () => {
  const file = recorded('stripe/customer.subscription.created.json');

  expect(await tenantry(['event', 'explain', file, '--source', 'shop'], there)).toEqual({
    code: 0,
    stderr: '',
    stdout: [
      'customer.subscription.created evt_ttSubCreated01 (test mode)',
      '  customer acme-dental',
      '  subscription sub_ttAcme0001 is trialing as of 2026-01-01T00:00:00.000Z; since 2026-01-01T00:00:00.000Z, trial ends 2026-01-15T00:00:00.000Z',
      '    25 × product price_ttWorkstation01',
      '    2 × product price_ttStorage01',
      '',
    ].join('\n'),
  });
});

test.each([
  ['own', 'standard-webhooks/thin.json', 2, /data\.customer is missing/],
  ['psa', 'connectwise/agreement.deleted.json', 0, /agreement 4711 has changed/],
  ['panel', 'whmcs/InvoicePaid.json', 0, /says nothing/],
  ['shop', 'hubspot/batch.mixed.json', 2, /This is no event of Stripe/],
  ['nobody', 'whmcs/InvoicePaid.json', 2, /Known are shop, panel, psa, own/],
])('event explain: source %s, %s', async (source, file, code, text) => {
  const ended = await tenantry(['event', 'explain', recorded(file), '--source', source], there);

  expect(ended.code).toBe(code);
  expect(ended.stdout + ended.stderr).toMatch(text);
});

test('without sources the setting is named', async () => {
  const file = recorded('whmcs/InvoicePaid.json');
  expect(await tenantry(['event', 'explain', file, '--source', 'shop'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('TENANTRY_SOURCES'),
  });
});

test('event explain says what would be done, when sales plans are there', async () => {
  const body = {
    type: 'subscription.changed',
    timestamp: '2026-01-01T00:00:00Z',
    data: {
      customer: { ref: 'C-1', name: 'Customer, Inc', contact: { email: 'it@customer.example' } },
      subscription: { ref: 'S-1', plan: 'backup-standard', quantity: 25, state: 'active' },
    },
  };
  const plans = fileURLToPath(new URL('../../../examples/plans.json', import.meta.url));
  const args = ['event', 'explain', '-', '--source', 'own'];

  const { stdout } = await tenantry(args, { ...there, TENANTRY_PLANS: plans }, JSON.stringify(body));
  expect(stdout).toContain('should be: enabled, trial, storage 2500 GiB, workstations 25\n');
  expect(stdout).toContain('would do now: provisionCustomer, because it is sold and no tenant of it is known');

  const misspelt = JSON.stringify(body).replace('backup-standard', 'backup-standrd');
  const hint = await tenantry(args, { ...there, TENANTRY_PLANS: plans }, misspelt);
  expect(hint.stdout).toContain('25 × plan backup-standrd; did you mean backup-standard?\n');
  const product = JSON.stringify(body).replace('"plan":"backup-standard"', '"product":"price_backups"');
  const file = { shop: { kind: 'standard-webhooks', secrets: ['file:x'] } };
  const sold = await tenantry(
    ['event', 'explain', '-', '--source', 'shop'],
    { TENANTRY_SOURCES: inFolder('sources.json', file), TENANTRY_PLANS: plans },
    product,
  );
  expect(sold.stdout).toContain('25 × product price_backups; did you mean price_backup?\n');

  const other = JSON.stringify(body).replace('backup-standard', 'gold');
  const json = await tenantry([...args, '--json'], { ...there, TENANTRY_PLANS: plans }, other);
  expect(JSON.parse(json.stdout)).toMatchObject({
    events: [{ customers: [{ ref: 'C-1', notDone: [{ why: 'plans.json has no plan gold for new subscriptions' }] }] }],
  });
  expect((await tenantry(args, there, JSON.stringify(body))).stdout).not.toContain('should be');
});

test.each([
  [202, 0],
  [408, 1],
  [422, 2],
  [429, 1],
  [503, 1],
])('event send: the answer %i is exit code %i', async (status, code) => {
  const gateway = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await once(gateway.listen(0, '127.0.0.1'), 'listening');
  const { port } = gateway.address() as AddressInfo;
  const secrets = mkdtempSync(join(tmpdir(), 'tenantry-signing-'));
  writeFileSync(join(secrets, 'own-signing'), `whsec_${Buffer.alloc(24, 7).toString('base64')}`, { mode: 0o600 });

  const args = ['event', 'send', '-', '--source', 'own', '--url', `http://127.0.0.1:${port}`];
  const ended = await tenantry(args, { ...there, TENANTRY_SECRETS_DIR: secrets }, '{}');

  gateway.close();
  rmSync(secrets, { recursive: true });
  expect(ended).toMatchObject({ code, stdout: expect.stringContaining(String(status)) });
});

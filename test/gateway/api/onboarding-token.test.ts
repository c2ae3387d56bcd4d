import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditLine } from '../../../catalogue/audit-lines.js';
import { giveToken } from '../../../gateway/api/onboarding-token.js';
import type { SharedSecrets } from '../../../gateway/api/shared-secrets.js';
import { secretReadings } from '../../../vault/index.js';
import { storedSecrets } from '../../support/activities.js';
import { anOrder, keyOf } from '../../support/orders.js';
import { pause } from '../../support/pause.js';
import { waitUntil } from '../../support/runs.js';
import { secretStoreIn } from '../../support/secret-store.js';
import { useVirtualEnvironment } from '../../support/use-virtual-environment.js';
import { secretOf, usePage } from '../page/visitor.js';

const folder = mkdtempSync(join(tmpdir(), 'readings-'));
afterAll(() => rmSync(folder, { recursive: true }));
const env = useVirtualEnvironment();
const lines: AuditLine[] = [];
const shared: SharedSecrets = { store: secretStoreIn(storedSecrets), readings: secretReadings(folder) };
const page = usePage({
  get client() {
    return env.client;
  },
  get taskQueue() {
    return env.taskQueue;
  },
  secrets: shared,
  sources: () => [],
  audit: { write: async (line) => void lines.push(line) },
});

const customerId = { first: '', second: '' };
const runOf = (key: string) => `onboardCustomer:${key}`;
const readings = () =>
  readFileSync(join(folder, 'readings.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function ask(
  method: 'GET' | 'POST',
  ref: string,
  { key = 'decide', body }: { key?: string; body?: object } = {},
) {
  const reply = await fetch(
    `${page.url}/v1/onboardings/${encodeURIComponent(ref)}${method === 'POST' ? '/token' : ''}`,
    {
      method,
      headers: {
        authorization: `Bearer ${secretOf(key)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    },
  );
  return { status: reply.status, headers: reply.headers, body: (await reply.json()) as Record<string, unknown> };
}

async function onboard(protect: object = {}): Promise<string> {
  const order = anOrder({ onFailure: 'undo', protect });
  await env.begin('onboardCustomer', order, runOf(keyOf(order)));
  await waitUntil(async () => (await ask('GET', keyOf(order))).body['token'] !== undefined);
  return keyOf(order);
}

const issuedFor = async (ref: string) => {
  const { tenantId } = (await ask('GET', ref, { key: 'read' })).body as { tenantId: string };
  return env.simulator.world.registrationTokens(tenantId)[0]!.token;
};

beforeAll(async () => {
  Object.assign(customerId, { first: await onboard(), second: await onboard() });
});

test('an onboarding is found by the customer id of its order and by the id of its run', async () => {
  const byCustomer = await ask('GET', customerId.first, { key: 'read' });
  const byRun = await ask('GET', runOf(customerId.first), { key: 'read' });

  expect(byCustomer).toMatchObject({
    status: 200,
    body: { ref: customerId.first, state: 'running', whoMustAct: 'customer', run: runOf(customerId.first) },
  });
  expect(byRun.body).toEqual({ ...byCustomer.body, ref: runOf(customerId.first) });
  expect(await ask('GET', 'nobody')).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('onboardCustomer:nobody') as unknown },
  });
});

test('the token is given once to a key that may decide, then only for a reason; each time is written down', async () => {
  const ref = customerId.first;
  const token = await issuedFor(ref);
  for (const key of ['read', 'operate', 'limited'])
    expect(await ask('POST', ref, { key })).toMatchObject({ status: 403 });

  const [one, other] = await Promise.all([ask('POST', ref), ask('POST', ref)]);
  const again = await ask('POST', ref, { body: { reason: 'the mail was lost' } });

  expect(new Set([one.status, other.status])).toEqual(new Set([200, 410]));
  const [given, refused] = one.status === 200 ? [one, other] : [other, one];
  expect(given.body).toMatchObject({ token, run: runOf(ref) });
  expect(given.headers.get('cache-control')).toBe('no-store');
  expect(refused.body).toMatchObject({
    type: 'docs/failures.md#alreadygiven',
    detail: expect.stringMatching(/given to decide at .*reason.*tenantry secret get/) as unknown,
  });
  expect(again).toMatchObject({ status: 200, body: { token } });
  expect(readings()).toMatchObject([
    { by: 'decide', over: 'http api' },
    { by: 'decide', over: 'http api', reason: 'the mail was lost' },
  ]);
  const written = JSON.stringify([lines, refused.body, (await ask('GET', ref)).body]);
  const kept = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  for (const text of [written, ...kept]) expect(text).not.toContain(token);
  expect(lines).toContainEqual(expect.objectContaining({ what: 'onboardingToken', id: ref, key: 'decide' }));
  expect(lines).toContainEqual(expect.objectContaining({ phase: 'answered', id: runOf(ref), outcome: 'done' }));
});

describe('nothing is given', () => {
  const refusals: [string, Partial<SharedSecrets> | undefined, number, RegExp][] = [
    [
      'by a gateway that reads no secrets',
      undefined,
      409,
      /TENANTRY_SECRETS_STORE and TENANTRY_CODEC_KEYS.*secret get/,
    ],
    ['where the store has no such secret', { store: { read: async () => undefined } }, 409, /has no secret.*folder/],
    [
      'where the secret is something else',
      { store: { read: async () => ({ value: 'a password' }) } },
      409,
      /no token of this tenant/,
    ],
    [
      'where the key is missing',
      {
        store: {
          async read() {
            throw new Error('needs the key k2');
          },
        },
      },
      409,
      /TENANTRY_CODEC_KEYS of the workers/,
    ],
    [
      'where it cannot be written down',
      {
        readings: {
          ...secretReadings(folder),
          async note() {
            throw Object.assign(new Error('full'), { code: 'ENOSPC' });
          },
        },
      },
      503,
      /cannot be written down.*ENOSPC/,
    ],
  ];
  test.each(refusals)('%s', async (_when, other, status, detail) => {
    const secrets = other && { ...shared, ...other };
    const { client, taskQueue } = env;
    const asked = giveToken({ client, taskQueue, secrets }, { ref: customerId.second, by: 'decide' });
    await expect(asked).rejects.toMatchObject({ status, message: expect.stringMatching(detail) as unknown });
  });

  test('once the token is over: nobody can register with it', async () => {
    const ref = await onboard({ tokenFor: '1 hour' });
    const { tenantId } = (await ask('GET', ref)).body as { tenantId: string };
    await env.run('disableTenant', { tenant: { id: tenantId } });
    await pause(2 * 3_600_000);
    expect(await ask('POST', ref)).toMatchObject({
      status: 409,
      body: { detail: expect.stringMatching(/was valid until .*issueAgentToken/) as unknown },
    });
  });

  test('for nonsense, or where nobody is known', async () => {
    expect((await ask('POST', customerId.second, { body: { because: 'x' } })).status).toBe(422);
    expect((await ask('POST', customerId.second, { body: { reason: ' ' } })).status).toBe(422);
    expect((await ask('POST', 'nobody')).status).toBe(404);
  });
});

test('on the page, a key that may decide sees it once after a click, and again after it has said why', async () => {
  const ref = customerId.second;
  const token = await issuedFor(ref);
  const path = `/customers/${encodeURIComponent(runOf(ref))}/token`;
  const screen = `/runs/${encodeURIComponent(runOf(ref))}`;
  expect((await page.get(screen, await page.logIn('operate'))).html).not.toContain('/token"');
  const cookie = await page.logIn('decide');
  expect((await page.get(screen, cookie)).html).toContain(`action="${path}"`);
  const formToken = await page.tokenOf(cookie);
  const send = async (fields: object = {}) => await page.post(path, { formToken, ...fields }, { cookie });

  const shown = await send();
  const refused = await send();

  expect(shown).toMatchObject({ status: 200, html: expect.stringContaining(token) as unknown });
  expect(shown.headers.get('cache-control')).toBe('no-store');
  expect(refused).toMatchObject({ status: 410, html: expect.stringContaining('name="reason"') as unknown });
  expect(refused.html).not.toContain(token);
  expect((await send({ reason: 'lost' })).html).toContain(token);
  expect((await page.get(path, cookie)).headers.get('location')).toBe(screen);
});

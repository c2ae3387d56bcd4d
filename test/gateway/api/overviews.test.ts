import { beforeAll, describe, expect, test } from '@jest/globals';
import { CUSTOMER_WORKFLOW } from '../../../contract/customers.js';
import { tenantryHere } from '../../support/command-here.js';
import { actorKeys, sign } from '../../support/actor-keys.js';
import { customersIn, subscriptionOf, type TestCustomer } from '../../support/customers.js';
import { readFacts } from '../../support/fact-reader.js';
import { exampleOf } from '../../support/orders.js';
import { waitUntil } from '../../support/runs.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { houseBody, signed } from '../doors.js';
import { secretOf, useApi, type Answer } from './door.js';

const env = useTestEnvironment({}, { readFacts, brake: 'off', actorKeys });
const api = useApi(env, { sign });
const aCustomer = customersIn(env);

type Items = Record<string, unknown>[];
const itemsOf = ({ body }: Pick<Answer, 'body'>) => body['items'] as Items;
const about = (items: Items, { ref }: TestCustomer) => items.filter((one) => one['ref'] === ref);
const get = async (path: string, key = 'read') => await api.ask('GET', path, { key });
const tenantry = async (...args: string[]) =>
  await tenantryHere(args, { TEMPORAL_ADDRESS: env.engine.address, TENANTRY_TASK_QUEUE: env.taskQueue });
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

let sold: TestCustomer;
let leaving: TestCustomer;
let observed: TestCustomer;

beforeAll(async () => {
  sold = await aCustomer({ until: inDays(3) });
  leaving = await aCustomer();
  observed = await aCustomer({}, { source: 'shop' });
  await sold.until(({ state }) => state === 'steady');
  const { tenantId } = await leaving.until(({ state }) => state === 'steady');
  const offboarding = {
    tenant: { id: tenantId },
    grace: '5 days',
    confirm: `Customer ${leaving.ref}`,
    including: { users: 1 },
    onFailure: 'undo',
  };
  const started = await api.ask('POST', '/v1/operations/offboardCustomer', { body: offboarding });
  expect(started.status).toBe(202);
  await sold.ask('hold', { reason: 'call first' });
  const asked = await api.ask('POST', `/v1/customers/${observed.ref}/resume`, { body: { reason: 'back again' } });
  expect(asked.status).toBe(200);
  await observed.until(({ events }) => events.length === 1);
  let status: Answer['body'] = {};
  await waitUntil(async () => {
    status = (await get(started.body['status'] as string)).body;
    return status['grace'] !== undefined || status['state'] === 'failed';
  });
  expect(status).toHaveProperty('grace');
});

test('the calendar shows what comes, with what would stop it, and the command line shows the same', async () => {
  const reply = await get('/v1/calendar');

  expect(reply).toMatchObject({ status: 200, body: { missing: [] } });
  expect(about(itemsOf(reply), sold)).toMatchObject([
    { what: 'end', stops: [{ what: `store says that ${subscriptionOf(sold.ref)} goes on, or ends later` }] },
  ]);
  const deletion = itemsOf(reply).find(({ what }) => what === 'delete');
  expect(deletion).toMatchObject({
    stops: expect.arrayContaining([
      expect.objectContaining({ command: expect.stringContaining('tenantry restore') as unknown }),
    ]) as unknown,
  });
  expect((await get('/v1/calendar?days=1')).body['items']).toEqual([]);

  const shown = await tenantry('calendar', '--json');
  expect(JSON.parse(shown.stdout)).toEqual(reply.body);
  expect((await tenantry('calendar')).stdout).toMatch(/subscription ends.*\n {2}stopped when store says/);
});

describe('reconcile', () => {
  test('names what is sold without a tenant, and a tenant in the cloud that nobody buys', async () => {
    const reply = await get('/v1/reconcile');

    expect(about(itemsOf(reply), observed)).toMatchObject([
      { kind: 'soldWithoutTenant', why: 'the customer is only observed' },
    ]);
    expect(about(itemsOf(reply), sold)).toEqual([]);
    expect(itemsOf(reply)).toContainEqual({
      kind: 'tenantWithoutSale',
      cloud: 'default',
      why: 'no customer has this tenant',
      tenantId: expect.stringMatching(/-/) as unknown,
      name: 'Seeded Customer',
    });
    expect(reply.body).toMatchObject({ missing: [], notCompared: [expect.stringMatching(/^What is used/)] });
  });

  test('is CSV for who asks for that, in the gateway and on the command line', async () => {
    const headers = { authorization: `Bearer ${secretOf('read')}`, accept: 'text/csv' };
    const reply = await fetch(`${api.url}/v1/reconcile`, { headers });
    const text = await reply.text();

    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect([reply.headers.get('vary'), reply.headers.get('tenantry-missing')]).toEqual(['accept', '0']);
    expect(text.split('\r\n')[0]).toBe('kind,ref,cloud,tenantId,name,state,field,sold,set,why');
    expect(text).toContain(`soldWithoutTenant,${observed.ref},default,`);
    const here = await tenantry('reconcile', '--csv');
    expect(here).toMatchObject({ code: 0, stdout: text, stderr: expect.stringMatching(/^Not compared: What is used/) });
  });
});

describe('the sources', () => {
  const shop = async () => itemsOf(await get('/v1/sources')).find(({ name }) => name === 'standard-webhooks');

  test('show what this gateway has seen of their signatures, and since when it knows', async () => {
    expect((await shop())?.['signatures']).toMatchObject({
      since: expect.stringMatching(/Z$/) as unknown,
      good: 0,
      bad: 0,
    });
    const body = houseBody({});
    const post = async (headers: Record<string, string>) =>
      await fetch(`${api.url}/v1/events/standard-webhooks`, { method: 'POST', body: new Uint8Array(body), headers });

    expect((await post({ 'content-type': 'application/json' })).status).toBe(401);
    await post(signed('standard-webhooks', body));

    expect(await shop()).toMatchObject({
      signatures: { good: 1, bad: 1, lastBad: { reason: 'there was no signature' }, lastGood: { event: 'msg-1' } },
    });
  });

  test('show what their customers have heard, and nothing of their secrets', async () => {
    const reply = await get('/v1/sources');

    expect(JSON.stringify(reply.body)).not.toMatch(/whsec|secret/);
    expect(itemsOf(reply).map(({ kind }) => kind)).toContain('stripe');
  });
});

describe('the changes', () => {
  test('name the event behind a run of a customer, the key that has started one, and what people have said', async () => {
    const items = itemsOf(await get('/v1/changes'));

    expect(about(items, sold)).toMatchObject([
      { kind: 'request', what: 'hold', by: { kind: 'person', name: 'ann', verified: false }, why: 'call first' },
      {
        kind: 'run',
        what: 'provisionCustomer',
        state: 'completed',
        by: { kind: 'customer', ref: sold.ref, lastEvent: { source: 'store' } },
      },
    ]);
    expect(about(items, observed)).toMatchObject([
      { what: 'resume', by: { kind: 'person', name: 'decide', verified: true }, why: 'back again' },
    ]);
    expect(items.find(({ what }) => what === 'offboardCustomer')).toMatchObject({
      state: 'running',
      by: { kind: 'person', name: 'decide' },
    });
  });

  test('have pages, each of which goes on after the one before', async () => {
    const all = itemsOf(await get('/v1/changes'));
    const found: Items = [];
    let after = '';
    do {
      const { body } = await get(`/v1/changes?limit=1${after}`);
      found.push(...(body['items'] as Items));
      const next = body['next'] as string | undefined;
      after = next === undefined ? '' : `&after=${encodeURIComponent(next)}`;
    } while (after !== '');

    expect(found).toEqual(all);
    expect(all.length).toBeGreaterThan(2);
  });

  test('are the same on the command line', async () => {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { body } = await get(`/v1/changes?since=${since}`);

    const shown = await tenantry('changes', '--since', since, '--json');

    expect(JSON.parse(shown.stdout)).toEqual(body);
    expect((await tenantry('changes')).stdout).toMatch(/resume .* decide \(verified\) +back again/);
    expect((await tenantry('changes', '--since', '1 hour', '--limit', '1')).stdout.split('\n')).toHaveLength(3);
  });

  test('that were made later than asked for are none', async () => {
    expect((await get(`/v1/changes?since=${inDays(1)}`)).body).toEqual({ items: [], missing: [] });
  });
});

test('an operation that the command line starts names who has', async () => {
  const order = { ...(exampleOf('lockTenant') as object), tenant: { id: (await sold.status()).tenantId } };
  await tenantryHere(
    ['run', 'lockTenant', '--input', '-', '--no-wait'],
    { TEMPORAL_ADDRESS: env.engine.address, TENANTRY_TASK_QUEUE: env.taskQueue },
    JSON.stringify(order),
  );

  const run = itemsOf(await get('/v1/changes')).find(({ what }) => what === 'lockTenant');
  expect(run?.['by']).toMatchObject({ kind: 'person', name: expect.stringMatching(/\S/) as unknown });
});

describe('a request that cannot be used', () => {
  test.each([
    ['/v1/calendar?days=0', 'days', 'must be at least 1'],
    ['/v1/calendar?days=x', 'days', 'must be a number'],
    ['/v1/calendar?day=3', 'day', 'is not a field here; did you mean days?'],
    ['/v1/changes?since=yesterday', 'since', expect.stringContaining('2026-12-01')],
    ['/v1/changes?limit=501', 'limit', 'must be at most 500'],
    ['/v1/reconcile?tenant=x', 'tenant', 'is not a field here'],
  ])('%s names its field', async (path, field, message) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { errors: [{ path: field, message }] } });
  });

  test('that continues a list which is none is refused', async () => {
    expect(await get('/v1/changes?after=zzz')).toMatchObject({ status: 409 });
  });
});

test.each(['calendar', 'reconcile', 'sources', 'changes'])('%s is for keys that see all customers', async (name) => {
  expect((await get(`/v1/${name}`, 'limited')).status).toBe(403);
  expect((await api.ask('GET', `/v1/${name}`, { key: null })).status).toBe(401);
  const { body } = await get('/openapi.json');
  const { content } = (body['paths'] as Record<string, { get: { responses: { 200: { content: object } } } }>)[
    `/v1/${name}`
  ]!.get.responses[200];
  expect(Object.keys(content)).toEqual(['application/json', 'text/csv']);
});

test('a customer that nobody can ask is missing, and every answer says so', async () => {
  const handle = await env.client.workflow.start(CUSTOMER_WORKFLOW, {
    workflowId: 'customer:silent',
    taskQueue: 'without-a-worker',
    args: [{ ref: 'silent' }],
  });
  await waitUntil(async () => (await env.client.workflow.count("WorkflowId = 'customer:silent'")).count === 1);
  const headers = { authorization: `Bearer ${secretOf('read')}`, accept: 'text/csv' };

  const [csv, ...others] = await Promise.all([
    fetch(`${api.url}/v1/calendar`, { headers }),
    ...['calendar', 'reconcile', 'sources', 'changes'].map(async (name) => await get(`/v1/${name}`)),
  ]);

  await handle.terminate();
  expect(csv.headers.get('tenantry-missing')).toBe('1');
  for (const { status, body } of others)
    expect([status, body['missing']]).toEqual([
      200,
      [expect.stringMatching(/^1 of 4 customers are not known: .*silent/)],
    ]);
});

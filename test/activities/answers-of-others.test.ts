import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  attempt,
  customer,
  person,
  startActivityEnvironment,
  untilSuccess,
  type ActivityEnvironment,
} from '../support/activity-environment.js';

type Json = Record<string, unknown>;
type Answering = (answer: Response) => Promise<Response> | Response;

const cloud = 'default';
const OTHER = '22222222-2222-4222-8222-222222222222';
/** How the answers to a route are changed on their way to us, and how often. */
let doctored: { route: RegExp; answering: Answering; times: number } | undefined;
let env: ActivityEnvironment;
beforeEach(async () => {
  env = await startActivityEnvironment({}, undefined, async (input, init) => {
    const { method, url } = input as Request;
    const answer = await globalThis.fetch(input, init);
    if (!doctored?.route.test(`${method} ${new URL(url).pathname}`)) return answer;
    doctored.times += 1;
    return await doctored.answering(answer);
  });
});
afterEach(async () => {
  doctored = undefined;
  await env.simulator.close();
});

function doctor(route: RegExp, answering: Answering): { times: number } {
  const one = { route, answering, times: 0 };
  doctored = one;
  return one;
}
const altering = (alter: (body: Json) => object) => async (answer: Response) =>
  Response.json(alter((await answer.json()) as Json), { status: answer.status });
const failureOf = async (work: Promise<unknown>) =>
  await work.then(
    () => undefined,
    (error: unknown) => error,
  );
const newUser = (tenantId: string) => ({ cloud, tenantId, person, language: 'en', look: false });

test('a tenant of somebody else that answers a creation once is left alone, and the own one is found', async () => {
  const other = env.simulator.world.addTenant({ name: 'Other', kind: 'customer' });
  const once = doctor(/^POST .*\/tenants$/, async (answer) => {
    const own = (await answer.json()) as Json;
    return Response.json(
      once.times > 1 ? own : { ...own, id: other, name: 'Other', internal_tag: 'foreign', version: 9 },
    );
  });

  const { result } = await untilSuccess(env.activities.ensureCustomerTenant, { ...env.place, customer, look: false });

  expect(result.tenantId).not.toBe(other);
  expect(
    env.simulator.world
      .customers()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([other, result.tenantId].sort());
});

test('a user of somebody else that answers a creation once is left alone, and the own one is found', async () => {
  const tenantId = await env.aTenant();
  const boss = env.simulator.world.addUser({ tenant_id: tenantId, login: 'boss' });
  const theirs = { id: boss, activated: true, version: 5, contact: { email: 'boss@other.example' } };
  doctor(
    /^POST .*\/users$/,
    altering((own) => ({ ...own, ...theirs })),
  );

  const { result } = await untilSuccess(env.activities.ensureUser, newUser(tenantId));

  expect(result).toMatchObject({ activated: false, ownership: 'ours' });
  expect(result.userId).not.toBe(boss);
});

test('a user that the cloud made with another login is made once, and a person is asked', async () => {
  const tenantId = await env.aTenant();
  const renamed = doctor(
    /^POST .*\/users$/,
    altering((own) => ({ ...own, login: `${String(own['login'])}_1` })),
  );

  expect(await failureOf(untilSuccess(env.activities.ensureUser, newUser(tenantId)))).toMatchObject({
    type: 'Acronis.Unreadable',
    nonRetryable: true,
    message: expect.stringContaining('different: login') as unknown,
  });
  expect(renamed.times).toBe(1);
});

test('an older report is not taken for the one that was ordered', async () => {
  const tenantId = await env.aTenant();
  const order = { cloud, tenantId, wish: wish as never, known: [OTHER], look: false };
  const ordered = doctor(
    /^POST .*\/reports$/,
    altering((own) => (ordered.times > 1 ? own : { ...own, id: OTHER })),
  );

  const { result } = await untilSuccess(env.activities.orderReport, order);

  expect(result.reportId).not.toBe(OTHER);
});

test("the API client's own tenant is refused although the cloud writes its id in capitals", async () => {
  const root = env.simulator.rootTenantId;
  doctor(
    /^GET .*\/clients\//,
    altering((own) => ({ ...own, tenant_id: String(own['tenant_id']).toUpperCase() })),
  );

  expect(await failureOf(attempt(env.activities.findTenant, { cloud, tenant: { id: root } }))).toMatchObject({
    type: 'Acronis.Rejected',
    message: expect.stringContaining("the API client's own tenant") as unknown,
  });
});

test('an undo removes a user whose id the cloud writes in capitals', async () => {
  const tenantId = await env.aTenant();
  doctor(
    /^POST .*\/users$/,
    altering((own) => ({ ...own, id: String(own['id']).toUpperCase() })),
  );
  const { result: came } = await attempt(env.activities.ensureUser, newUser(tenantId));

  const { result } = await attempt(env.activities.removeUser, { cloud, tenantId, person, came, unsure: false });

  expect(result).toEqual({ undone: true, leftovers: [] });
  expect(env.simulator.world.users(tenantId)).toEqual([]);
});

test('a tenant with an empty time of deletion is adopted', async () => {
  const tenantId = await env.aTenant();
  const alive = (tenant: object) => ({ ...tenant, deleted_at: '' });
  doctor(
    /^GET .*\/tenants/,
    altering((body) => (Array.isArray(body['items']) ? { ...body, items: body['items'].map(alive) } : alive(body))),
  );

  const { result } = await attempt(env.activities.ensureCustomerTenant, { ...env.place, customer, look: true });

  expect(result.tenantId).toBe(tenantId);
});

const wish = { kind: 'usage_current', level: 'accounts', format: 'csv_v2_0', hideZeroUsage: false, showSkus: false };
const reportOn = (id: string) => `application.id,tenant.id,name,usage.value\nx,${id},storage,5\n`;

async function aFile(of: (tenantId: string) => string) {
  const tenantId = await env.aTenant();
  doctor(/^GET .*\/reports\//, () => new Response(reportOn(of(tenantId))));
  return await untilSuccess(env.activities.keepReport, {
    cloud,
    tenantId,
    reportId: OTHER,
    storedId: OTHER,
    wish: wish as never,
  });
}

test('a report that is only about other tenants is not kept', async () => {
  expect(await failureOf(aFile(() => OTHER))).toMatchObject({
    type: 'Acronis.Unreadable',
    message: expect.stringContaining('is only about other tenants') as unknown,
  });
});

test.each<[string, (tenantId: string) => string]>([
  ['the tenant itself', (id) => id],
  ['the tenant, whose id it tells in capitals', (id) => id.toUpperCase()],
  ['a unit below it', (id) => env.simulator.world.addTenant({ name: 'Unit', kind: 'unit', parent_id: id })],
  ['a tenant that it names by a number', () => '1415032'],
])('a report about %s is kept', async (_what, of) => {
  expect(await aFile(of)).toMatchObject({ result: { rows: 1 } });
});

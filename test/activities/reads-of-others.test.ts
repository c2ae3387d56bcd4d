import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startActivityEnvironment, untilSuccess, type ActivityEnvironment } from '../support/activity-environment.js';

type Json = Record<string, unknown>;

const cloud = 'default';
const OTHER = '22222222-2222-4222-8222-222222222222';
/** Which answers are replaced on their way to us. */
let replaced: { route: RegExp; by: (own: Json) => Json } | undefined;
let env: ActivityEnvironment;
beforeEach(async () => {
  env = await startActivityEnvironment({}, undefined, async (input, init) => {
    const { method, url } = input as Request;
    const answer = await globalThis.fetch(input, init);
    if (!replaced?.route.test(`${method} ${new URL(url).pathname}`)) return answer;
    return Response.json(replaced.by((await answer.json()) as Json));
  });
});
afterEach(async () => {
  replaced = undefined;
  await env.simulator.close();
});

function replace(route: RegExp, by: (own: Json) => Json): void {
  replaced = { route, by };
}
const failureOf = async (work: Promise<unknown>) =>
  await work.then(
    () => undefined,
    (error: unknown) => error,
  );
const refusesTheAnswer = {
  type: 'Acronis.Unreadable',
  message: expect.stringContaining('the answer describes another object than was asked for') as unknown,
};
const TENANT = /\/tenants\/[^/]+$/;
const others = () => env.simulator.world.addTenant({ name: 'Others', kind: 'customer' });
const isEnabled = (id: string) => env.simulator.world.tenant(id)?.['enabled'];

test('a tenant that is always answered with another one is not disabled, nor is the other', async () => {
  const [tenantId, other] = [await env.aTenant(), others()];
  env.simulator.faults.next('GET /tenants/{id}', 'answer-of-another', { times: 9 });

  expect(await failureOf(untilSuccess(env.activities.disableTenant, { cloud, tenantId }))).toMatchObject(
    refusesTheAnswer,
  );
  expect([tenantId, other].map(isEnabled)).toEqual([true, true]);
});

test.each(['GET /tenants/{id}', 'PUT /tenants/{id}'])(
  'a tenant is disabled at the next try when %s was answered with another one, which is left alone',
  async (route) => {
    const [tenantId, other] = [await env.aTenant(), others()];
    env.simulator.faults.next(route, 'answer-of-another');

    await untilSuccess(env.activities.disableTenant, { cloud, tenantId });

    expect([tenantId, other].map(isEnabled)).toEqual([false, true]);
  },
);

test('another tenant that is deleted says nothing of the own one', async () => {
  const [tenantId, other] = [await env.aTenant(), others()];
  replace(TENANT, (own) => ({ ...own, id: other, deleted_at: '2024-07-02T10:11:12' }));

  const spec = { cloud, tenantId, to: { enabled: true }, unsure: false };

  expect(await failureOf(untilSuccess(env.activities.restoreTenant, spec))).toMatchObject(refusesTheAnswer);
});

test('the roles of another user are not written to the own one', async () => {
  const tenantId = await env.aTenant();
  const userId = await env.aUser(tenantId);
  replace(/^GET .*\/access_policies$/, () => ({
    items: [{ trustee_id: OTHER, tenant_id: OTHER, role_id: 'company_admin' }],
  }));

  const spec = { cloud, userId, tenantId, role: 'backup_user', keepOthers: true };

  expect(await failureOf(untilSuccess(env.activities.assignRole, spec))).toMatchObject(refusesTheAnswer);
  expect(env.simulator.world.policies(userId)).toEqual([]);
});

test.each<[string, object]>([
  ['with others', { origin_id: 'order-2' }],
  ['with none, nor a mark of this product', {}],
])('API clients that are listed %s are not those of the order', async (_origin, fields) => {
  replace(/^GET .*\/clients$/, () => ({
    items: [{ client_id: OTHER, tenant_id: OTHER, status: 'enabled', ...fields }],
  }));

  const spec = { cloud, originId: 'order-1', secret: 'x', rotate: true };

  expect(await failureOf(untilSuccess(env.activities.findApiClients, spec))).toMatchObject(refusesTheAnswer);
});

test('a list of partners that ignores the parent updates none of them', async () => {
  const stranger = { id: OTHER, name: 'Stranger', kind: 'partner', parent_id: OTHER, enabled: true, version: 1 };
  replace(/^GET .*\/tenants$/, () => ({ items: [stranger] }));

  const spec = { cloud, root: undefined, to: { edition: 'pck_per_gigabyte' } };

  expect(await failureOf(untilSuccess(env.activities.findPartners, spec))).toMatchObject(refusesTheAnswer);
});

test('the root tenant is not read from another API client', async () => {
  replace(/^GET .*\/clients\/[^/]+$/, (own) => ({ ...own, client_id: OTHER, tenant_id: OTHER }));

  const spec = { cloud, tenant: { id: env.simulator.rootTenantId } };

  expect(await failureOf(untilSuccess(env.activities.findTenant, spec))).toMatchObject(refusesTheAnswer);
});

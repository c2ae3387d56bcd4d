import { expect, test } from '@jest/globals';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { pageOfCustomers } from '../../../client/customer-list.js';
import { clientOptions } from '../../../vault/index.js';
import { actorKeys, sign } from '../../support/actor-keys.js';
import { aReference, customersIn, subscriptionOf } from '../../support/customers.js';
import { openStream } from '../../support/event-stream.js';
import { readFacts } from '../../support/fact-reader.js';
import { anOrder } from '../../support/orders.js';
import { waitUntil } from '../../support/runs.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { secretOf, useApi } from './door.js';

const env = useTestEnvironment({}, { readFacts, actorKeys });
const asked: string[] = [];
/** Notes what the gateway asks of workers. */
const counting = {
  get taskQueue() {
    return env.taskQueue;
  },
  get client() {
    const { interceptors: { workflow = [] } = {}, ...options } = clientOptions();
    const noting: WorkflowClientInterceptor = {
      async query(input, next) {
        asked.push(input.queryType);
        return await next(input);
      },
    };
    const own = { workflow: [...(workflow as WorkflowClientInterceptor[]), noting] };
    return new Client({ connection: env.client.connection, ...options, interceptors: own });
  },
};
const api = useApi(counting, { sign });
const aCustomer = customersIn(env);

const at = (ref: string, more = '') => `/v1/customers/${encodeURIComponent(ref)}${more}`;
const isSteady = ({ state }: { state: string }) => state === 'steady';
const listen = async (path: string, key = 'read') => await openStream(`${api.url}${path}`, secretOf(key));
const refsOf = ({ body }: { body: Record<string, unknown> }) =>
  (body['items'] as { ref?: string }[]).map(({ ref }) => ref);

async function aSteadyCustomer() {
  const customer = await aCustomer();
  const { tenantId } = await customer.until(isSteady);
  return { ...customer, tenantId: tenantId! };
}

test('a customer is shown as the query says, also under a reference that needs quoting', async () => {
  const ref = `C/${aReference()} ü?`;
  const customer = await aCustomer({}, { ref, source: 'shop' });
  await customer.until(({ events }) => events.length > 0);

  const { status, body } = await api.ask('GET', at(ref), { key: 'read' });

  expect(status).toBe(200);
  expect(body).toEqual(await customer.status());
});

test('the list names those that wait until a person says whether they exist already, and the board finds them', async () => {
  const ref = aReference();
  const tenantId = env.simulator.world.addTenant({ name: `Customer ${ref}` });
  const customer = await aCustomer({}, { ref });
  const inNeed = async () => await pageOfCustomers(env.client, { limit: 100, needsPerson: true });
  await waitUntil(async () => (await inNeed()).items.some((one) => one.ref === ref));

  const { body } = await api.ask('GET', `/v1/customers?search=${ref}`, { key: 'read' });
  expect(body['items']).toMatchObject([{ ref, state: 'waiting', needsPerson: true }]);
  await customer.ask('adopt', { tenantId });

  await customer.until(isSteady);
  await waitUntil(async () => !(await inNeed()).items.some((one) => one.ref === ref));
});

test('the list has pages, is filtered by state, and is searched by reference, tenant and subscription', async () => {
  const customer = await aSteadyCustomer();
  const observed = await aCustomer({}, { source: 'shop' });
  await waitUntil(async () => {
    const { body } = await api.ask('GET', `/v1/customers?search=${customer.tenantId.slice(0, 20)}`, { key: 'read' });
    return (body['items'] as unknown[]).length === 1;
  });

  const found = async (query: string) => refsOf(await api.ask('GET', `/v1/customers?${query}`, { key: 'read' }));
  expect(await found(`search=${customer.ref.slice(2).toUpperCase()}`)).toEqual([customer.ref]);
  expect(await found(`search=${encodeURIComponent(`store/${subscriptionOf(customer.ref)}`)}`)).toEqual([customer.ref]);
  expect(await found('search=nobody')).toEqual([]);
  await waitUntil(async () => (await found('state=observed')).includes(observed.ref));
  expect(await found('state=observed')).not.toContain(customer.ref);

  for (const search of ['', '&search=C-']) {
    const seen: unknown[] = [];
    for (let next: string | undefined = ''; next !== undefined;) {
      const { body } = await api.ask('GET', `/v1/customers?limit=1${search}${next === '' ? '' : `&after=${next}`}`);
      seen.push(...(body['items'] as { ref?: string }[]).map(({ ref }) => ref));
      next = body['next'] as string | undefined;
    }
    expect(seen).toEqual(expect.arrayContaining([customer.ref, observed.ref]));
    expect(new Set(seen).size).toBe(seen.length);
  }
});

test('a customer whose reference is an e-mail address is found by it', async () => {
  const ref = `${aReference()}@customer.example`;
  await (await aCustomer({}, { ref, source: 'shop' })).until(({ state }) => state === 'observed');
  const id = async () => {
    const { body } = await api.ask('GET', `/v1/customers?search=${encodeURIComponent(ref)}`);
    return (body['items'] as { id: string }[]).map((one) => one.id);
  };
  await waitUntil(async () => (await id()).length === 1);

  expect((await id())[0]).not.toContain('@');
});

test('each request reaches the customer, with the key as its actor', async () => {
  const { ref, status, tenantId } = await aSteadyCustomer();
  const ask = async (name: string, more: object = {}, key = 'decide') =>
    await api.ask('POST', at(ref, `/${name}`), { body: { reason: 'agreed', ...more }, key });

  expect(await ask('pause', { until: '2100-01-01' }, 'operate')).toMatchObject({
    status: 200,
    body: { request: 'pause', actor: 'operate', verified: true, reason: 'agreed' },
  });
  expect(await status()).toMatchObject({
    state: 'paused',
    paused: { actor: 'operate', verified: true, until: '2100-01-01' },
  });
  await ask('hold', {}, 'operate');
  expect((await status()).held).toMatchObject({ actor: 'operate' });
  await ask('resume', {}, 'operate');
  expect(await status()).not.toHaveProperty('held');
  await ask('release');
  expect(await status()).not.toHaveProperty('tenantId');
  // Temporal's list shows the release a moment later
  await waitUntil(async () => (await ask('adopt', { tenantId })).status === 200);
  expect(await status()).toMatchObject({ tenantId });
  expect(await ask('converge')).toMatchObject({ status: 200 });
  expect(await ask('act')).toMatchObject({ status: 200 });
});

test('what makes no sense now is refused in the words of the customer, and nothing changes', async () => {
  const { ref, status } = await aSteadyCustomer();
  const before = await status();
  const ask = async (name: string, more: object) =>
    await api.ask('POST', at(ref, `/${name}`), { body: { reason: 'agreed', ...more } });

  for (const [name, more, detail] of [
    ['offboard', {}, 'something is still sold: only a customer without a subscription is offboarded'],
    ['converge', { fields: ['name'] }, 'fields: name cannot be set now; nothing is different and nothing is asked'],
    ['converge', { administrator: 'none' }, 'administrator: the customer has a tenant: "addUser" adds a person to it'],
    ['move', { subscription: 'shop/x', to: 'C-1' }, 'subscription: this customer has heard nothing of shop/x'],
  ] as const)
    expect(await ask(name, more)).toMatchObject({ status: 409, body: { detail } });
  expect(await status()).toEqual(before);
});

test('a customer that nobody has spoken of is missing in every call', async () => {
  const detail = 'No source has spoken of a customer C-0.';
  const resumed = await api.ask('POST', at('C-0', '/resume'), { body: { reason: 'agreed' } });
  expect(resumed).toMatchObject({ status: 404, body: { detail } });
  for (const path of [at('C-0'), at('C-0', '/stream')])
    expect(await api.ask('GET', path)).toMatchObject({ status: 404, body: { detail } });
  expect(await api.ask('GET', '/v1/onboardings/C-0')).toMatchObject({
    status: 404,
    body: { detail: `${detail} Nor is there a run onboardCustomer:C-0.` },
  });
  expect(await api.ask('GET', at('C-0', '?cloud=eu'))).toMatchObject({
    body: { detail: 'No source has spoken of a customer C-0 in the cloud eu.' },
  });
});

test('a stream of a customer tells each change', async () => {
  const customer = await aSteadyCustomer();
  const stream = await listen(at(customer.ref, '/stream'));
  expect((await stream.next())?.data).toEqual(await customer.status());

  await customer.ask('pause');

  await stream.until(({ data }) => data['state'] === 'paused');
  stream.leave();
});

test('thirty listeners of a run cost one: they hear it end, and its final status is the last', async () => {
  env.simulator.faults.next('PUT /users/{id}/access_policies', { refuse: 403 });
  const started = await api.ask('POST', '/v1/operations/provisionCustomer', { body: anOrder({ onFailure: 'ask' }) });
  const id = started.body['id'] as string;
  const path = `/v1/operations/${encodeURIComponent(id)}`;
  await waitUntil(async () => (await api.ask('GET', path)).body['state'] === 'blocked');
  asked.length = 0;

  const streams = await Promise.all(Array.from({ length: 30 }, async () => await listen(`${path}/stream`)));
  for (const one of streams) expect((await one.next())?.data).toMatchObject({ id, state: 'blocked' });
  await api.ask('POST', `${path}/retry`, { body: { reason: 'the role exists now' } });

  const final = await env.client.workflow.getHandle(id).result();
  for (const one of streams) {
    expect((await one.until(({ data }) => data['state'] === 'completed')).data).toEqual(final);
    expect([await one.next(), await one.next()]).toEqual([{ event: 'end', data: {} }, undefined]);
  }
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(streams.length);
});

test('a stream of a run that has ended has its final status, also for a limited key; of none it is a problem', async () => {
  const order = anOrder();
  const { id, ...final } = await env.provision(order);
  const path = (of: string) => `/v1/operations/${encodeURIComponent(of)}/stream`;

  const stream = await listen(path(id), 'limited');

  expect((await stream.next())?.data).toEqual({ id, ...final });
  expect((await stream.next())?.event).toBe('end');
  expect((await api.ask('GET', path('provisionCustomer:nobody'))).status).toBe(404);
  expect((await api.ask('GET', path(customerId(aReference())))).status).toBe(409);
  const lock = await env.begin('lockTenant', { tenant: { id: final.tenantId } });
  expect((await api.ask('GET', path(lock.workflowId), { key: 'limited' })).status).toBe(403);
  await lock.result();
});

const customerId = (ref: string) => `customer:${ref}`;

test('an onboarding has the milestones that are known, and says which are not', async () => {
  const { ref, status, tenantId } = await aSteadyCustomer();
  const [run] = (await status()).runs;
  const created = (await env.client.workflow.getHandle(run!.id).result()) as { updatedAt: string };

  const { body } = await api.ask('GET', `/v1/onboardings/${ref}`, { key: 'read' });

  expect(body).toMatchObject({
    ref,
    state: 'steady',
    tenantId,
    milestones: {
      provisioned: created.updatedAt,
      activated: null,
      agentOnline: null,
      planApplied: null,
      protected: null,
    },
  });
  const unknown = (body['unknown'] as { milestone: string }[]).map(({ milestone }) => milestone);
  expect(unknown).toEqual(['activated', 'agentOnline', 'planApplied', 'protected']);
});

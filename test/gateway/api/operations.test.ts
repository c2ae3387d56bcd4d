import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { actorKeys, sign } from '../../support/actor-keys.js';
import { anOrder, exampleOf, workflowIdOf } from '../../support/orders.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { secretOf, useApi, type Answer } from './door.js';
import { programWithClient } from './generated-client.js';

const env = useTestEnvironment({}, { actorKeys });
const api = useApi(env, { sign });
const ROLE = 'PUT /users/{id}/access_policies';

const at = (id: string, more = '') => `/v1/operations/${encodeURIComponent(id)}${more}`;
const start = async (input: unknown, operation = 'provisionCustomer', key = 'decide') =>
  await api.ask('POST', `/v1/operations/${operation}`, { body: input, key });

async function until(id: string, state: string): Promise<Answer['body']> {
  for (;;) {
    const { status, body } = await api.ask('GET', at(id));
    if (body['state'] === state) return body;
    if (status !== 200 && status !== 503) throw new Error(JSON.stringify(body));
    await sleep(200);
  }
}

/** A run that waits for a person. */
async function blocked() {
  env.simulator.faults.next(ROLE, { refuse: 403 });
  const order = anOrder({ onFailure: 'ask' });
  const { body } = await start(order);
  const id = body['id'] as string;
  await until(id, 'blocked');
  return { id, order };
}

/** The same, whatever other runs do. */
async function withTakenLogin() {
  const order = anOrder({ administrator: { login: 'taken.login' }, onFailure: 'ask' });
  const id = (await start(order)).body['id'] as string;
  await until(id, 'blocked');
  return { id, order };
}

test('an order becomes a customer, and its status is the one of the command line', async () => {
  const order = anOrder();

  const started = await start(order, 'provisionCustomer', 'operate');

  const id = workflowIdOf(order);
  expect(started).toMatchObject({ status: 202, body: { id, joined: false, status: at(id) } });
  // a run that is about to close says less than its result
  const result: unknown = await env.client.workflow.getHandle(id).result();
  expect(await until(id, 'completed')).toEqual(result);
  expect((await api.ask('GET', at(id, '/input'), { key: 'read' })).body).toEqual(order);
});

test('the same order joins the run under way, and other input is refused with what differs', async () => {
  const { id, order } = await blocked();

  expect(await start(order)).toMatchObject({ status: 202, body: { id, joined: true } });
  expect(await start({ ...order, twoFactor: false })).toMatchObject({
    status: 409,
    body: { title: 'Refused', detail: expect.stringContaining('twoFactor') as unknown },
  });
});

test('every problem of an input is named', async () => {
  const { status, headers, body } = await start({ customer: { name: '' }, colour: 'red' });

  expect(status).toBe(422);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(body).toMatchObject({ type: 'docs/failures.md#invalidinput', status: 422 });
  const paths = (body['errors'] as { path: string }[]).map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['customer.name', 'colour']));
});

test('a decision has the name of the key as its actor, and a worker has verified it', async () => {
  const { id } = await blocked();

  const { status, body } = await api.ask('POST', at(id, '/retry'), { body: { reason: 'the role exists now' } });

  expect(status).toBe(200);
  expect(body).toMatchObject({ choice: 'retry', actor: 'decide', verified: true, reason: 'the role exists now' });
  expect(await until(id, 'completed')).toMatchObject({ decisions: [body] });
});

test('a run is amended with a whole new input', async () => {
  const { id, order } = await withTakenLogin();
  const input = { ...order, administrator: { ...order.administrator, login: 'free.login' } };

  expect((await api.ask('POST', at(id, '/amend'), { body: { reason: 'it was taken', input } })).status).toBe(200);

  await until(id, 'completed');
  expect((await api.ask('GET', at(id, '/input'))).body).toEqual(input);
});

test('a run is cancelled, and a decision after that is refused with a sentence', async () => {
  const { id } = await blocked();

  expect(await api.ask('POST', at(id, '/cancel'), { key: 'operate', body: { reason: 'ordered twice' } })).toMatchObject(
    {
      status: 202,
      body: { id },
    },
  );

  expect(await until(id, 'cancelled')).toMatchObject({
    reason: { message: 'the run was cancelled by operate (verified): ordered twice' },
  });
  expect(await api.ask('POST', at(id, '/retry'), { body: { reason: 'too late' } })).toMatchObject({
    status: 409,
    body: { detail: expect.stringMatching(/has ended/) as unknown },
  });
});

describe('the list', () => {
  test('has pages on which no run is missing, also when runs start meanwhile', async () => {
    await start(anOrder());
    const all = await api.ask('GET', '/v1/operations?limit=200');
    const ids: string[] = [];
    let next: string | undefined;
    do {
      const { body } = await api.ask('GET', `/v1/operations?limit=2${next === undefined ? '' : `&after=${next}`}`);
      ids.push(...(body['items'] as { runId: string }[]).map(({ runId }) => runId));
      next = body['next'] as string | undefined;
      await start(anOrder());
    } while (next !== undefined);

    const expected = (all.body['items'] as { runId: string }[]).map(({ runId }) => runId);
    expect(ids).toEqual(expect.arrayContaining(expected));
  });

  test('is filtered by state, customer and operation', async () => {
    const { id, order } = await withTakenLogin();
    const customer = order.customer['customerId'] as string;

    for (const filter of ['state=blocked', `customer=${customer}`, 'operation=provisionCustomer']) {
      const { body } = await api.ask('GET', `/v1/operations?${filter}`);
      expect((body['items'] as { id: string }[]).map((run) => run.id)).toContain(id);
    }
    expect((await api.ask('GET', '/v1/operations?operation=addUser')).body).toEqual({ items: [] });
  });

  test.each([
    ['state=sleepy', 'state'],
    ['limit=0', 'limit'],
    ['operation=dance', 'operation'],
    ['limt=2', 'limt'],
  ])('names what is wrong with ?%s', async (query, field) => {
    expect(await api.ask('GET', `/v1/operations?${query}`)).toMatchObject({
      status: 400,
      body: { errors: [{ path: field }] },
    });
  });

  test('refuses an "after" that no page has given', async () => {
    expect((await api.ask('GET', '/v1/operations?after=nonsense')).status).toBe(409);
  });
});

describe('a key', () => {
  test('with the role "read" sees and changes nothing', async () => {
    const order = anOrder();

    expect((await start(order, 'provisionCustomer', 'read')).status).toBe(403);
    expect(
      (await api.ask('POST', at('provisionCustomer:x', '/cancel'), { key: 'read', body: { reason: 'r' } })).status,
    ).toBe(403);
    expect(await api.ask('GET', at(workflowIdOf(order)), { key: 'read' })).toMatchObject({ status: 404 });
  });

  test('of the role operate starts, but neither decides nor takes away', async () => {
    expect((await start(exampleOf('disableTenant'), 'disableTenant', 'operate')).status).toBe(403);
    expect(
      (await api.ask('POST', at('provisionCustomer:x', '/retry'), { key: 'operate', body: { reason: 'r' } })).status,
    ).toBe(403);
  });

  test('that is limited to operations starts, sees and decides no others', async () => {
    const order = anOrder();
    const { body } = await start(order);
    await until(body['id'] as string, 'completed');
    const switched = await start({ tenant: { customerId: order.customer['customerId'] } }, 'lockTenant');
    const id = switched.body['id'] as string;

    const by = { key: 'limited' };
    expect((await start({ tenant: { customerId: 'x' } }, 'lockTenant', 'limited')).status).toBe(403);
    expect((await api.ask('GET', at(id), by)).status).toBe(403);
    expect((await api.ask('GET', at(id, '/input'), by)).status).toBe(403);
    expect((await api.ask('POST', at(id, '/cancel'), { ...by, body: { reason: 'r' } })).status).toBe(403);
    expect((await api.ask('GET', '/v1/operations?operation=lockTenant', by)).status).toBe(403);
    const seen = (await api.ask('GET', '/v1/operations?limit=200', by)).body['items'] as { operation: string }[];
    expect(new Set(seen.map(({ operation }) => operation))).toEqual(new Set(['provisionCustomer']));
    await until(id, 'completed');
  });
});

/** What somebody writes who has only the document: each name and type here is the generator's. */
const program = `
import { cancel, defaults, listOperations, operationStatus, provisionCustomer } from './client.js';

type Order = Parameters<typeof provisionCustomer>[0];

export async function buy(url: string, key: string, order: Order) {
  Object.assign(defaults, { baseUrl: url, headers: { authorization: \`Bearer \${key}\` } });
  const started = await provisionCustomer(order);
  if (started.status !== 202) throw new Error(started.data.detail);
  const { id } = started.data;
  let seen = await operationStatus(id);
  while (seen.status === 200 && seen.data.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 200));
    seen = await operationStatus(id);
  }
  if (seen.status !== 200) throw new Error(seen.data.detail);
  const late = await cancel(id, { reason: 'too late' });
  const refused = await provisionCustomer({ ...order, customer: { name: '' } });
  const list = await listOperations({ customer: order.customer.customerId, operation: 'provisionCustomer' });
  return {
    state: seen.data.state,
    steps: seen.data.steps.map(({ name, state }) => [name, state]),
    late: late.status === 202 ? 'cancelled' : late.data.title,
    problems: refused.status === 422 ? refused.data.errors?.map(({ path }) => path) : [],
    listed: list.status === 200 ? list.data.items.map((item) => item.id) : [],
  };
}
`;

test('a client that a public generator makes of the document compiles, and drives a run', async () => {
  const { body: document } = await api.ask('GET', '/openapi.json');
  const { buy } = (await programWithClient(document, program)) as {
    buy(url: string, key: string, order: object): Promise<object>;
  };
  const order = anOrder();

  const seen = await buy(api.url, secretOf('decide'), order);

  expect(seen).toEqual({
    state: 'completed',
    steps: expect.arrayContaining([['sendActivationEmail', 'done']]),
    late: 'Refused',
    problems: ['customer.name'],
    listed: [workflowIdOf(order)],
  });
});

import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { lookUpNames } from '../../../catalogue/look-ups.js';
import { askWorker } from '../../../client/ask-worker.js';
import { deleteLeftQuestions } from '../../../client/left-questions.js';
import { anOrder } from '../../support/orders.js';
import { waitUntil } from '../../support/runs.js';
import { useTestEnvironment } from '../../support/use-test-environment.js';
import { secretOf, useApi } from './door.js';

const tenants = ['Alpha', 'Beta', 'Gamma'].map((name) => ({ name, customer_id: name.toLowerCase() }));
const env = useTestEnvironment({ tenants }, { answers: true });
const api = useApi(env);

const show = async (path: string, key = 'read') => await api.ask('GET', `/v1/show/${path}`, { key });
const plan = async (body: unknown, operation = 'provisionCustomer', key = 'read') =>
  await api.ask('POST', `/v1/operations/${operation}/plan`, { key, body });

beforeAll(() => void jest.spyOn(env.client.connection.workflowService, 'deleteWorkflowExecution'));

/** Which runs Temporal was told to delete. It does so within minutes. */
function deleted(): unknown[] {
  const { calls } = jest.mocked(env.client.connection.workflowService.deleteWorkflowExecution).mock;
  return calls.map(
    ([request]) => (request as { workflowExecution?: { workflowId?: string } }).workflowExecution?.workflowId,
  );
}

/** Every question that Temporal still knows. */
async function questions(): Promise<string[]> {
  const found: string[] = [];
  for await (const { workflowId } of env.client.workflow.list({
    query: "WorkflowType IN ('planOperation', 'lookUp')",
  }))
    found.push(workflowId);
  return found;
}

test('a plan is the one of the command line, and changes nothing', async () => {
  const order = anOrder();
  env.calls();

  const { status, body } = await plan(order);

  expect(status).toBe(200);
  expect(body).toMatchObject({
    verdict: 'would do',
    operation: 'provisionCustomer',
    steps: expect.arrayContaining([expect.objectContaining({ state: 'would do' })]) as unknown,
    planHash: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
  });
  expect(env.calls().filter((route) => !route.startsWith('GET') && !route.includes('token'))).toEqual([]);
});

test('an input with problems is refused with each of them, and an unknown cloud by the worker', async () => {
  expect(await plan({ customer: { name: '' } })).toMatchObject({
    status: 422,
    body: {
      type: 'docs/failures.md#invalidinput',
      errors: expect.arrayContaining([expect.objectContaining({ path: 'customer.name' })]) as unknown,
    },
  });
  expect(await plan({ ...anOrder(), cloud: 'moon' })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'cloud', message: expect.stringContaining('only default') as unknown }] },
  });
  expect(await plan({}, 'dance')).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('provisionCustomer') as unknown },
  });
});

test('a look-up comes page by page, and each row once', async () => {
  const names: unknown[] = [];
  let next: string | undefined;
  do {
    const { status, body, headers } = await show(`tree?limit=2${next === undefined ? '' : `&after=${next}`}`);
    expect(status).toBe(200);
    names.push(...(body['items'] as { name: string }[]).map(({ name }) => name));
    next = body['next'] as string | undefined;
    expect(headers.get('link')).toBe(next === undefined ? null : `</v1/show/tree?limit=2&after=${next}>; rel="next"`);
  } while (next !== undefined);

  expect(names).toEqual(expect.arrayContaining(['Alpha', 'Beta', 'Gamma']));
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(4);
});

test('a look-up is CSV for whoever asks for that', async () => {
  const headers = { authorization: `Bearer ${secretOf('read')}`, accept: 'text/csv, application/json;q=0.5' };
  const reply = await fetch(`${api.url}/v1/show/tree?tenant=beta`, { headers });

  expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = (await reply.text()).split('\r\n');
  expect(lines[0]).toBe('depth,name,kind,enabled,billingMode,customerId,id,parentId');
  expect(lines[1]).toMatch(/^0,Beta,customer,true,/);
  expect(lines).toHaveLength(3);
  const other = await fetch(`${api.url}/v1/show/tree`, { headers: { ...headers, accept: 'image/png' } });
  expect(other.status).toBe(406);
});

test.each([
  ['tree?depth=x', 400, 'depth'],
  ['tree?colour=red', 400, 'colour'],
  ['users?roles=maybe', 400, 'roles'],
  ['search?text=x', 400, 'text'],
  ['tasks?since=yesterday', 400, 'since'],
  ['tree?tenant=Omega', 422, 'tenant'],
  ['tree?cloud=moon', 422, 'cloud'],
  ['tree?after=nowhere', 422, 'after'],
])('/v1/show/%s is refused by the name of its parameter', async (path, status, field) => {
  expect(await show(path)).toMatchObject({ status, body: { errors: [{ path: field }] } });
});

test('every look-up has an answer', async () => {
  for (const name of lookUpNames) {
    const { status, body } = await show(`${name}?${name === 'search' ? 'text=beta' : 'tenant=beta'}`);
    expect([name, status, Array.isArray(body['items'])]).toEqual([name, 200, true]);
  }
});

test('a look-up that does not exist is named, with those that there are', async () => {
  expect(await show('weather')).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining('protection, report, resources') as unknown },
  });
});

test('what the cloud refuses is said in its words, and a cloud that is away means: try again', async () => {
  env.simulator.faults.next('GET /tenants/{id}', { refuse: 403 });
  expect(await show('pricing')).toMatchObject({ status: 409, body: { type: 'docs/failures.md#acronisforbidden' } });
  env.simulator.faults.next('GET /tenants/{id}', { refuse: 503 });
  expect(await show('pricing')).toMatchObject({ status: 503, body: { type: 'docs/failures.md#acronisunavailable' } });
});

test('a key that is limited to operations plans these, and looks nothing up', async () => {
  expect((await show('tree', 'limited')).status).toBe(403);
  expect((await plan({}, 'disableTenant', 'limited')).status).toBe(403);
  expect((await plan(anOrder(), 'provisionCustomer', 'limited')).status).toBe(200);
});

test('whoever goes while the cloud is slow stops the work', async () => {
  env.simulator.faults.next('GET /tenants', { delay: 600_000 });
  const leaving = new AbortController();
  const before = env.simulator.journal.calls('GET /tenants').length;
  const asked = askWorker(env.client, {
    type: 'lookUp',
    question: { lookUp: 'tree', query: {} },
    taskQueue: env.taskQueue,
    name: 'The look-up',
    signal: leaving.signal,
  });
  await waitUntil(async () => env.simulator.journal.calls('GET /tenants').length > before);

  leaving.abort();

  await expect(asked).rejects.toThrow(/whoever asked has gone/);
});

describe('without a worker', () => {
  const nobody = {} as typeof env;
  beforeAll(() => void Object.assign(nobody, { client: env.client, taskQueue: 'nobody-polls' }));
  const lonely = useApi(nobody);

  test.each([
    ['GET', '/v1/show/tree', undefined],
    ['POST', '/v1/operations/provisionCustomer/plan', anOrder()],
  ] as const)('%s %s says 503, and what is missing', async (method, path, body) => {
    expect(await lonely.ask(method, path, { body })).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('needs a worker') as unknown },
    });
  });
});

test('every question is deleted with its answer, also when the gateway that asked was killed', async () => {
  const left = await env.begin('lookUp', { lookUp: 'tree', query: {} }, 'lookUp:left-behind');
  await left.result();
  await waitUntil(async () => (await questions()).includes('lookUp:left-behind'));

  expect(await deleteLeftQuestions(env.client, Date.now() - 3_600_000)).toBe(0);
  const asked = await questions();
  expect(asked.filter((id) => !deleted().includes(id))).toEqual(['lookUp:left-behind']);
  expect(await deleteLeftQuestions(env.client, Date.now() + 120_000)).toBeGreaterThan(0);
  expect(deleted()).toContain('lookUp:left-behind');
});

test('the rows of a report that a run has kept come page by page, as JSON and as CSV', async () => {
  const order = { tenant: { id: env.simulator.rootTenantId }, kind: 'usage_current', level: 'accounts' };
  const { id, report } = (await env.run('produceReport', { ...order, onFailure: 'undo' })) as unknown as {
    id: string;
    report: { rows: number };
  };
  const path = `report?run=${encodeURIComponent(id)}`;

  const all = (await show(path)).body['items'] as Record<string, unknown>[];
  expect(all).toHaveLength(report.rows);
  const first = await show(`${path}&limit=1`);
  const next = first.body['next'] as string;
  expect(first.headers.get('link')).toContain(`limit=1&after=${next}>; rel="next"`);
  expect([first.body['items'], (await show(`${path}&limit=1000&after=${next}`)).body['items']]).toEqual([
    all.slice(0, 1),
    all.slice(1),
  ]);
  const headers = { authorization: `Bearer ${secretOf('read')}`, accept: 'text/csv' };
  const lines = (await (await fetch(`${api.url}/v1/show/${path}`, { headers })).text()).trimEnd().split('\r\n');
  expect(lines[0]).toBe(Object.keys(all[0]!).join(','));
  expect(lines).toHaveLength(all.length + 1);

  expect(await show(`${path}&after=999999`)).toMatchObject({ status: 422, body: { errors: [{ path: 'after' }] } });
  expect(await show(`${path}&limit=0`)).toMatchObject({ status: 400, body: { errors: [{ path: 'limit' }] } });
  expect((await show(path, 'limited')).status).toBe(403);
});

test.each([
  ['report', 400, /run/],
  ['report?run=file:///etc/passwd', 404, /no run/],
  ['report?run=produceReport:nobody', 404, /There is no run produceReport:nobody/],
])('/v1/show/%s shows no file', async (path, status, detail) => {
  expect(await show(path)).toMatchObject({ status, body: { detail: expect.stringMatching(detail) as unknown } });
});

test('a question that names another file of the worker is refused', async () => {
  const asking = { type: 'lookUp', taskQueue: env.taskQueue, name: 'x', signal: new AbortController().signal };
  const question = { lookUp: 'report', query: { artefact: 'file:///etc/passwd' } };

  await expect(askWorker(env.client, { ...asking, question })).rejects.toThrow(/is not in the store of the worker/);
});

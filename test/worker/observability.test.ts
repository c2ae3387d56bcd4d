import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { permittedFields } from '../../telemetry/log.js';
import { waitUntil } from '../support/runs.js';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment({ TENANTRY_HEALTH_PORT: '0' });
const order = anOrder();

beforeAll(async () => {
  const { faults } = env.simulator;
  faults.next('POST /tenants', 'commit-then-drop');
  faults.next('PUT /users/{id}/access_policies', { refuse: 403, message: `${order.administrator.email} may not` });
  await env.tenantry(['run', 'provisionCustomer', '--input', '-'], {}, JSON.stringify(order));
});

async function page(path: string) {
  const reply = await fetch(`http://127.0.0.1:${env.worker.ready.port}${path}`);
  return { status: reply.status, text: await reply.text() };
}

type Line = Record<string, unknown>;
const lines = () =>
  env.worker
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

describe('the log', () => {
  test('has one line for each attempt of a step, with run, step, attempt and the vendor’s request id', () => {
    expect(lines()).toContainEqual(
      expect.objectContaining({
        workflowId: expect.stringContaining('provisionCustomer:'),
        runId: expect.any(String),
        step: 'assignRole',
        attempt: 1,
        outcome: 'failed',
        type: 'Acronis.Forbidden',
        status: 403,
        requestId: expect.any(String),
      }),
    );
    const attempts = lines().filter(({ step }) => step === 'ensureCustomerTenant');
    expect(attempts.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'again'],
      [2, 'adopted'],
    ]);
  });

  test('names no person, no customer and no secret', () => {
    expect(env.worker.log()).toContain('assignRole');
    for (const word of [
      order.customer.name,
      order.administrator.login,
      order.administrator.email,
      env.simulator.clientSecret,
    ])
      expect(env.worker.log()).not.toContain(word);
  });

  test('lets through only the fields that are named, and only plain values', () => {
    const fields = { step: 'ensureUser', login: 'jane', error: new Error('jane is taken'), status: { login: 'jane' } };

    expect(permittedFields(fields)).toEqual({ step: 'ensureUser' });
  });
});

describe('the pages', () => {
  test('/healthz and /readyz answer 200 while the worker polls', async () => {
    expect(await page('/healthz')).toMatchObject({ status: 200 });
    expect(await page('/readyz')).toMatchObject({ status: 200, text: expect.stringContaining('"ready":true') });
  });

  test.each([
    [/^tenantry_api_calls_total\{.*outcome="200",route="POST \/users".*\} 1$/m, 'calls by route and outcome'],
    [/^tenantry_api_calls_total\{.*outcome="no-answer",route="POST \/tenants".*\} 1$/m, 'calls without an answer'],
    [/^tenantry_step_retries_total\{.*step="ensureCustomerTenant".*\} 1$/m, 'retries'],
    [/^tenantry_adoptions_total\{.*step="ensureCustomerTenant".*\} 1$/m, 'adoptions'],
    [/^tenantry_undos_total\{.*step="removeCustomerTenant".*\} 1$/m, 'undos'],
    [/^tenantry_run_states_total\{.*state="undone".*\} 1$/m, 'runs by state'],
    [/^temporal_workflow_task_execution_latency_count\{/m, 'what the SDK measures'],
  ])('/metrics has %s: %s', async (pattern) => {
    expect((await page('/metrics')).text).toMatch(pattern);
  });

  test('a probe that speaks HTTP/1.0 and names no host gets its answer', async () => {
    const socket = connect(Number(env.worker.ready.port), '127.0.0.1');
    socket.end('GET /healthz HTTP/1.0\r\n\r\n');

    expect(await text(socket)).toMatch(/^HTTP\/1\.[01] 200 /);
  });

  test('any other path says which pages there are', async () => {
    expect(await page('/')).toMatchObject({ status: 404, text: expect.stringContaining('/readyz') });
  });
});

test('a worker whose port is in use exits with a message', async () => {
  const ended = await env.tenantry(['worker', '--port', String(env.worker.ready.port)], env.cloud());

  expect(ended).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('is in use. Give another --port, or 0 for a free one.'),
  });
});

test('/readyz fails while Temporal is down, and /healthz does not', async () => {
  process.kill(env.engine.pid, 'SIGSTOP');
  try {
    // a signal takes its time
    await waitUntil(async () => (await page('/readyz')).status !== 200);
    expect(await page('/readyz')).toMatchObject({
      status: 503,
      text: expect.stringContaining('Temporal does not answer'),
    });
    expect(await page('/healthz')).toMatchObject({ status: 200 });
  } finally {
    process.kill(env.engine.pid, 'SIGCONT');
  }
});

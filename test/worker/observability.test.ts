import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startWorkerProcess, type WorkerProcess } from '../../client/cli/worker-process.js';
import { startEngine, type Engine } from '../../engine/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { permitted } from '../../worker/log.js';
import { searchAttributes } from '../../workflows/shared/search-attributes.js';
import { tenantry } from '../support/command.js';
import { anOrder } from '../support/orders.js';

let engine: Engine;
let simulator: Simulator;
let worker: WorkerProcess;
const order = anOrder();

beforeAll(async () => {
  engine = await startEngine({ searchAttributes, headless: true });
  simulator = await startSimulator();
  worker = await startWorkerProcess(engine, simulator, { TENANTRY_HEALTH_PORT: '0' });
  simulator.faults.next('POST /tenants', 'commit-then-drop');
  simulator.faults.next('PUT /users/{id}/access_policies', {
    refuse: 403,
    message: `${order.administrator.email} may not`,
  });
  await tenantry(
    ['run', 'provisionCustomer', '--input', '-'],
    { TEMPORAL_ADDRESS: engine.address },
    JSON.stringify(order),
  );
});
afterAll(async () => {
  await worker.stop();
  await simulator.close();
  await engine.stop();
});

async function page(path: string) {
  const reply = await fetch(`http://127.0.0.1:${worker.ready.port}${path}`);
  return { status: reply.status, text: await reply.text() };
}

type Line = Record<string, unknown>;
const lines = () =>
  worker
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
    expect(worker.log()).toContain('assignRole');
    for (const word of [
      order.customer.name,
      order.administrator.login,
      order.administrator.email,
      simulator.clientSecret,
    ])
      expect(worker.log()).not.toContain(word);
  });

  test('lets through only the fields that are named, and only plain values', () => {
    const fields = { step: 'ensureUser', login: 'jane', error: new Error('jane is taken'), status: { login: 'jane' } };

    expect(permitted(fields)).toEqual({ step: 'ensureUser' });
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

  test('any other path says which pages there are', async () => {
    expect(await page('/')).toMatchObject({ status: 404, text: expect.stringContaining('/readyz') });
  });
});

test('/readyz says no while Temporal is away, and /healthz still says yes', async () => {
  await engine.stop();

  expect(await page('/readyz')).toMatchObject({
    status: 503,
    text: expect.stringContaining('Temporal does not answer'),
  });
  expect(await page('/healthz')).toMatchObject({ status: 200 });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { CUSTOMER_WORKFLOW, FACTS_SIGNAL } from '../../contract/customers.js';
import type { Fact } from '../../contract/facts.js';
import { startGatewayProcess, type GatewayProcess } from '../../client/cli/gateway-process.js';
import { searchAttributes } from '../../contract/search-attributes.js';
import { startEngine, type Engine } from '../../engine/index.js';
import { sourceKinds } from '../../sources/index.js';
import { freePort } from '../../worker/health.js';
import { dataConverter, parseKeys } from '../../vault/index.js';
import { tenantry } from '../support/command.js';
import { tenantryHere } from '../support/command-here.js';
import { waitUntil } from '../support/runs.js';
import { houseBody, subscription } from './doors.js';

const SECRET = 'whsec_dGVuYW50cnktdGVzdC1zZWNyZXQtMDAwMDAwMDE=';
const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const folder = mkdtempSync(join(tmpdir(), 'tenantry-gateway-'));
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const sources = file(
  'sources.json',
  JSON.stringify({
    own: { kind: 'standard-webhooks', secrets: ['env:OWN'] },
    eu: { kind: 'standard-webhooks', secrets: ['env:OWN'], cloud: 'eu' },
    psa: { kind: 'connectwise', secrets: [], host: 'na.myconnectwise.net' },
  }),
);
const settings = { TENANTRY_SOURCES: sources, TENANTRY_SECRET_OWN: SECRET, TENANTRY_CODEC_KEYS: KEYS };
const event = (ref: string) => file(`${ref}.json`, houseBody({ customer: { ref }, subscription }));

let engine: Engine;
let client: Client;
let gateway: GatewayProcess;
beforeAll(async () => {
  engine = await startEngine({ searchAttributes, headless: true });
  const connection = await Connection.connect({ address: engine.address });
  client = new Client({ connection, dataConverter: dataConverter(parseKeys(KEYS)) });
  gateway = await startGatewayProcess(engine, settings);
});
afterAll(async () => {
  await gateway.stop();
  await client.connection.close();
  await engine.stop();
  rmSync(folder, { recursive: true });
});

const send = async (path: string, source = 'own', url = gateway.url, by = tenantryHere) =>
  await by(['event', 'send', path, '--source', source, '--url', url, '--json'], settings);

/** What Temporal has of a customer: how it was started, and the facts of each signal. */
async function customer(id: string) {
  const { events = [] } = (await client.workflow.getHandle(id).fetchHistory()) as { events?: Event[] };
  const decode = async (payloads: unknown) =>
    (await client.options.loadedDataConverter.payloadCodecs[0]!.decode(payloads as never)).map(
      ({ data }) => JSON.parse(Buffer.from(data!).toString()) as unknown,
    );
  const [start] = events.flatMap((one) => one.workflowExecutionStartedEventAttributes ?? []);
  const signals = events.flatMap((one) => one.workflowExecutionSignaledEventAttributes ?? []);
  return {
    type: start!.workflowType.name,
    taskQueue: start!.taskQueue.name,
    input: await decode(start!.input.payloads),
    signals: await Promise.all(
      signals.map(async ({ signalName, input }) => [signalName, ...(await decode(input.payloads))]),
    ),
  };
}

/** How long the last delivery in the log took, in milliseconds. */
function lastDuration(of: GatewayProcess): number {
  return (JSON.parse(of.log().trim().split('\n').at(-1)!) as { duration: number }).duration;
}

interface Event {
  workflowExecutionStartedEventAttributes?: {
    workflowType: { name: string };
    taskQueue: { name: string };
    input: { payloads: unknown };
  };
  workflowExecutionSignaledEventAttributes?: { signalName: string; input: { payloads: unknown } };
}

test('a fact reaches the workflow of its customer, encrypted, and a later one the same workflow; no worker is needed', async () => {
  const first = await send(event('C-1'));
  expect([first.code, JSON.parse(first.stdout)]).toMatchObject([
    0,
    { status: 202, body: { delivered: [{ event: expect.stringMatching(/^msg_/), customer: 'C-1' }] } },
  ]);
  await send(event('C-1'));
  const { type, taskQueue, input, signals } = await customer('customer:C-1');
  expect({ type, taskQueue, input }).toEqual({
    type: CUSTOMER_WORKFLOW,
    taskQueue: 'tenantry',
    input: [{ ref: 'C-1' }],
  });
  expect(signals).toHaveLength(2);
  const [name, facts] = signals[0] as [string, Fact[]];
  expect(name).toBe(FACTS_SIGNAL);
  expect(facts).toEqual([expect.objectContaining({ source: 'own', customer: { ref: 'C-1' } })]);
});

test('the cloud of a source is part of the id and of the input', async () => {
  await send(event('C-2'), 'eu');
  expect((await customer('customer:eu:C-2')).input).toEqual([{ ref: 'C-2', cloud: 'eu' }]);
});

test('event send says what it got, and its exit code says whether to send again', async () => {
  const broken = await send(file('thin.json', JSON.stringify({ type: 'customer.changed', data: {} })));
  expect([broken.code, JSON.parse(broken.stdout).status]).toEqual([2, 422]);
  const unknown = await send(event('C-3'), 'nobody');
  expect([unknown.code, unknown.stderr + unknown.stdout]).toEqual([2, expect.stringContaining('own, eu, psa')]);
  const unsigned = await send(event('C-3'), 'psa');
  expect([unsigned.code, unsigned.stderr + unsigned.stdout]).toEqual([2, expect.stringContaining('ConnectWise')]);
  const nobody = await send(event('C-3'), 'own', `http://127.0.0.1:${await freePort()}`);
  expect([nobody.code, nobody.stderr + nobody.stdout]).toEqual([1, expect.stringContaining('Nothing answers')]);
});

test('while Temporal is away the answer is 503 within three seconds, and 202 once it is there', async () => {
  const port = await freePort();
  const lonely = await startGatewayProcess({ address: `127.0.0.1:${port}` }, settings);
  expect((await fetch(`${lonely.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${lonely.url}/healthz`)).status).toBe(200);
  // a process ends after the gateway has written its log
  const away = await send(event('C-4'), 'own', lonely.url, tenantry);
  expect([away.code, JSON.parse(away.stdout).status]).toEqual([1, 503]);
  expect(lastDuration(lonely)).toBeLessThan(3000);
  const late = await startEngine({ searchAttributes, headless: true, port });
  await waitUntil(async () => (await send(event('C-4'), 'own', lonely.url)).code === 0);
  lonely.kill('SIGTERM');
  expect(await lonely.exited).toBe(0);
  await late.stop();
});

/** The beginning of a signed delivery: its answer comes only after `rest`. */
function begin(url: string, body: Buffer) {
  const headers = sourceKinds['standard-webhooks'].sign(body, {
    secret: SECRET,
    now: new Date(),
    id: 'msg-5',
    url: '',
  });
  const lines = Object.entries({ ...headers, host: 'x', 'content-length': String(body.length) });
  const head = ['POST /v1/events/own HTTP/1.1', ...lines.map((line) => line.join(': ')), '', ''].join('\r\n');
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString()));
  socket.on('error', () => undefined);
  socket.write(head);
  socket.write(body.subarray(0, 10));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  return { rest: () => socket.write(body.subarray(10)), ended: closed.then(() => text) };
}

test('after SIGTERM what is in flight is ended, nothing new is taken, and the exit code is 0', async () => {
  const stopped = await startGatewayProcess(engine, settings);
  const { rest, ended } = begin(stopped.url, houseBody({ customer: { ref: 'C-5' }, subscription }));
  await sleep(300);
  stopped.kill('SIGTERM');
  await sleep(300);
  await expect(fetch(`${stopped.url}/healthz`)).rejects.toThrow();
  rest();
  expect(await ended).toMatch(/^HTTP\/1.1 202 /);
  expect(await stopped.exited).toBe(0);
});

test('a delivery that a kill has cut off gets no answer, and its repetition is taken by the next gateway', async () => {
  const killed = await startGatewayProcess(engine, settings);
  const { ended } = begin(killed.url, houseBody({ customer: { ref: 'C-6' }, subscription }));
  await sleep(300);
  killed.kill('SIGKILL');
  expect(await ended).toBe('');
  await killed.exited;
  const { port } = new URL(killed.url);
  const next = await startGatewayProcess(engine, { ...settings, TENANTRY_GATEWAY_PORT: port });
  const repeated = await send(event('C-6'), 'own', next.url);
  await next.stop();
  expect(JSON.parse(repeated.stdout)).toMatchObject({ status: 202 });
  expect((await customer('customer:C-6')).signals).toHaveLength(1);
});

test('while Temporal hangs the answer is 503, before senders give up', async () => {
  process.kill(engine.pid, 'SIGSTOP');
  const hanging = send(event('C-7'), 'own', gateway.url, tenantry);
  const { code, stdout } = await hanging.finally(() => process.kill(engine.pid, 'SIGCONT'));
  expect([code, JSON.parse(stdout).status]).toEqual([1, 503]);
  expect(lastDuration(gateway)).toBeLessThan(4500);
});

test('settings and sources that cannot be used are 2, with every problem; a port in use is 1', async () => {
  const bad = file('bad.json', JSON.stringify({ own: { kind: 'standard-webhooks', secrets: ['env:NONE'] } }));
  const refused = await tenantry(['gateway'], { TENANTRY_SOURCES: bad });
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('(TENANTRY_SOURCES) cannot be used:\n  own.secrets.0'),
  ]);
  const wrong = await tenantry(['gateway'], { TENANTRY_GATEWAY_PORT: 'x', TENANTRY_TASKQUEUE: 'y' });
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/TENANTRY_GATEWAY_PORT: must be a port/)]);
  expect(wrong.stderr).toContain('TENANTRY_TASKQUEUE (did you mean TENANTRY_TASK_QUEUE?)');
  const { port } = new URL(gateway.url);
  const taken = await tenantry(['gateway', '--port', port], { TEMPORAL_ADDRESS: engine.address });
  expect([taken.code, taken.stderr]).toEqual([
    1,
    expect.stringContaining(`Port ${port} is in use. Give another --port`),
  ]);
});

test('in production a gateway needs keys and an encrypted public address', async () => {
  const refused = await tenantry(['gateway'], {
    TENANTRY_ENV: 'production',
    TENANTRY_PUBLIC_URL: 'http://hooks.example.com',
  });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toMatch(/TENANTRY_CODEC_KEYS/);
  expect(refused.stderr).toMatch(/TENANTRY_PUBLIC_URL/);
});

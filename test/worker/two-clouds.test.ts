import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { freePort } from '../../worker/health.js';
import type { OperationStatus } from '../../contract/status.js';
import { waitUntil } from '../support/runs.js';
import { anOrder } from '../support/orders.js';
import { useProcessEnvironment } from '../support/process-environment.js';

const env = useProcessEnvironment({ TENANTRY_HEALTH_PORT: '0' });
const folder = mkdtempSync(join(tmpdir(), 'tenantry-two-clouds-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Cloud {
  baseUrl: string;
  clientId: string;
  clientSecret?: string;
  clientSecretFile?: string;
}

/** Settings of a worker that knows a second cloud besides the one of this env. */
function knowing(eu: Cloud): Record<string, string> {
  const { url, clientId, clientSecret } = env.simulator;
  const path = join(folder, 'clouds.json');
  writeFileSync(path, JSON.stringify({ default: { baseUrl: url, clientId, clientSecret }, eu }));
  return { TENANTRY_CLOUDS: path };
}

const cloudOf = ({ url, clientId, clientSecret }: Simulator): Cloud => ({ baseUrl: url, clientId, clientSecret });

async function start(cloud?: string) {
  const order = anOrder({ onFailure: 'undo', ...(cloud && { cloud }) });
  const options = { taskQueue: 'tenantry', workflowId: order.customer.name, workflowTaskTimeout: '5 seconds' as const };
  const handle = await env.client.workflow.start('provisionCustomer', { ...options, args: [order] });
  return { handle, name: order.customer.name };
}

async function page(path: string): Promise<string> {
  return await (await fetch(`http://127.0.0.1:${env.worker.ready.port}${path}`)).text();
}

async function inTrouble(): Promise<unknown> {
  return (JSON.parse(await page('/readyz')) as { inTrouble: unknown }).inTrouble;
}

test('a worker of two clouds works for one while the other is down, and for the other once it is back', async () => {
  const port = await freePort();
  await env.worker.stop();
  await env.replaceWorker(
    knowing({ baseUrl: `http://127.0.0.1:${port}`, clientId: env.simulator.clientId, clientSecret: 'a secret' }),
  );
  const away = { cloud: 'eu', type: 'Acronis.Unavailable', message: expect.stringContaining(`127.0.0.1:${port}`) };
  expect(env.worker.ready).toMatchObject({ clouds: ['default', 'eu'], inTrouble: [away] });
  expect(await inTrouble()).toEqual([away]);
  expect(await page('/metrics')).toMatch(/^tenantry_cloud_in_trouble\{.*cloud="eu".*\} 1$/m);
  expect(env.worker.log()).toMatch(/"cloud":"eu","type":"Acronis.Unavailable".*Its runs wait, all others go on/);
  const waiting = await start('eu');

  expect(await (await start()).handle.result()).toMatchObject({ state: 'completed' });
  expect((await waiting.handle.query<OperationStatus>('status')).state).toBe('running');

  const eu = await startSimulator({ port, fixture: { clientSecret: 'a secret' } });
  expect(await waiting.handle.result()).toMatchObject({ state: 'completed' });
  await waitUntil(async () => JSON.stringify(await inTrouble()) === '[]');
  expect(await page('/metrics')).toMatch(/^tenantry_cloud_in_trouble\{.*cloud="eu".*\} 0$/m);
  expect(env.worker.log()).toContain('a cloud answers this worker again');
  await eu.close();
});

test('a worker whose only cloud refuses its credentials starts, reports it, and works once their file has new ones', async () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 'rotated away');
  await env.worker.stop();
  await env.replaceWorker({ ACRONIS_CLIENT_SECRET: '', ACRONIS_CLIENT_SECRET_FILE: file });
  expect(env.worker.ready).toMatchObject({
    inTrouble: [
      { cloud: 'default', type: 'Acronis.Credentials', message: expect.stringContaining('client id and secret') },
    ],
  });
  const { handle } = await start();
  await waitUntil(async () => env.worker.log().includes('"step":'));

  writeFileSync(file, `${env.simulator.clientSecret}\n`);

  expect(await handle.result()).toMatchObject({ state: 'completed' });
  await waitUntil(async () => JSON.stringify(await inTrouble()) === '[]');
});

test('a secret that is rotated while the worker runs is read again from its file', async () => {
  const port = await freePort();
  const file = join(folder, 'eu-secret');
  const baseUrl = `http://127.0.0.1:${port}`;
  const vendor = async (clientSecret: string) => await startSimulator({ port, fixture: { clientSecret } });
  writeFileSync(file, 'the first secret');
  const before = await vendor('the first secret');
  await env.worker.stop();
  await env.replaceWorker(knowing({ baseUrl, clientId: env.simulator.clientId, clientSecretFile: file }));
  expect(env.worker.ready).toMatchObject({ inTrouble: [] });
  expect(await (await start('eu')).handle.result()).toMatchObject({ state: 'completed' });

  await before.close();
  const after = await vendor('the second secret');
  writeFileSync(file, 'the second secret');

  expect(await (await start('eu')).handle.result()).toMatchObject({ state: 'completed' });
  expect(env.worker.log()).toContain('the settings of a cloud were read again');
  await after.close();
});

test('a cloud that never answers does not keep the worker from starting', async () => {
  const silent = createServer((socket) => void socket.on('error', () => undefined).resume());
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as { port: number };
  await env.worker.stop();

  await env.replaceWorker(knowing({ baseUrl: `http://127.0.0.1:${port}`, clientId: 'x', clientSecret: 'y' }));

  expect(env.worker.ready).toMatchObject({
    inTrouble: [{ cloud: 'eu', message: expect.stringContaining('has not answered within 3 s') }],
  });
  env.worker.kill();
  silent.close();
});

test('an order for a cloud that its worker does not know is taken by another one that does', async () => {
  await env.replaceWorker();
  const eu = await startSimulator();
  const { handle } = await start('eu');
  await waitUntil(async () => ((await handle.describe()).raw.pendingActivities ?? []).length > 0);

  const ignorant = env.worker;
  await env.replaceWorker(knowing(cloudOf(eu)));

  expect(await handle.result()).toMatchObject({ state: 'completed' });
  await ignorant.stop();
  await eu.close();
});

test('a run goes on when a worker that does not know its cloud had its turn', async () => {
  const eu = await startSimulator();
  await env.worker.stop();
  await env.replaceWorker(knowing(cloudOf(eu)));
  eu.faults.next('PUT /users/{id}/access_policies', { refuse: 503 }, { times: Infinity });
  const { handle, name } = await start('eu');
  await waitUntil(async () => eu.journal.calls('PUT /users/{id}/access_policies').length > 0);
  await env.worker.stop();
  await env.replaceWorker();
  const ignorant = env.worker;
  await waitUntil(async () => ignorant.log().includes('"type":"Tenantry.UnknownCloud"'));
  eu.faults.clear();

  await env.replaceWorker(knowing(cloudOf(eu)));

  expect(await handle.result()).toMatchObject({ state: 'completed' });
  expect(eu.world.customers().filter((tenant) => tenant.name === name)).toHaveLength(1);
  await eu.close();
});

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startEngine, type Engine } from '../../../engine/index.js';
import { startSimulator, type Simulator } from '../../../simulator/index.js';
import { searchAttributes } from '../../../workflows/shared/search-attributes.js';
import type { OperationStatus } from '../../../workflows/shared/status.js';
import { startOperation } from '../../operations.js';
import { operationStatus } from '../../status.js';
import { statusText } from '../format.js';
import { stdout } from '../output.js';
import { startWorkerProcess, type WorkerProcess } from '../worker-process.js';

const TASK_QUEUE = 'tenantry';
const OPERATION = 'provisionCustomer';
const HANGING_CALL = 'PUT /users/{id}/access_policies';
const PATIENCE_MS = 120_000;
const began = Date.now();

function tell(line: string): void {
  stdout(`${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s  ${line}`);
}

/** Provisions one customer while the network, the vendor and the worker fail on the way. Nothing but 127.0.0.1 is touched. */
async function demo(stay: boolean): Promise<number> {
  const toStop: (() => Promise<void>)[] = [];
  try {
    const engine = await startEngine({ searchAttributes, log: tell });
    toStop.push(() => engine.stop());
    tell(`Temporal runs at ${engine.address}, its web UI at ${engine.uiUrl}`);
    const simulator = await startSimulator({ log: tell });
    toStop.push(() => simulator.close());
    tell(`an imitation of Acronis runs at ${simulator.url}`);
    const connection = await Connection.connect({ address: engine.address });
    toStop.push(() => connection.close());
    const client = new Client({ connection });
    const { id, worker } = await provision(client, engine, simulator, toStop);
    const status = await ended(client, id);
    tellEnd(status, id, engine, simulator);
    if (stay) await lookAround(engine, simulator, worker);
    return status.state === 'completed' && simulator.world.customers().length === 1 ? 0 : 1;
  } finally {
    for (const stop of toStop.toReversed()) await stop();
    tell('all stopped, nothing left running');
  }
}

async function provision(client: Client, engine: Engine, simulator: Simulator, toStop: (() => Promise<void>)[]) {
  simulator.faults.next('POST /tenants', 'commit-then-drop');
  simulator.faults.next('PUT /tenants/{id}/offering_items', { refuse: 503, html: true });
  simulator.faults.next(HANGING_CALL, 'hang');
  tell('arranged: the answer to POST /tenants is lost, one 503, and a call that hangs until the worker is killed');
  const first = await startWorkerProcess(engine, simulator);
  toStop.push(() => first.stop());
  tell(`a worker runs (pid ${first.pid})`);
  const input: unknown = JSON.parse(
    readFileSync(new URL('../../../../examples/provisionCustomer.json', import.meta.url), 'utf8'),
  );
  const { id } = await startOperation(client, { operation: OPERATION, input, taskQueue: TASK_QUEUE });
  tell(`started ${id}`);
  await until(() => simulator.journal.calls(HANGING_CALL).length > 0, `the call ${HANGING_CALL}`);
  first.kill();
  tell(`killed the worker (SIGKILL) in the middle of ${HANGING_CALL}`);
  const second = await startWorkerProcess(engine, simulator);
  toStop.push(() => second.stop());
  tell(`another worker runs (pid ${second.pid}) and goes on where the first one was`);
  return { id, worker: second };
}

async function ended(client: Client, id: string): Promise<OperationStatus> {
  let last: OperationStatus | undefined;
  await until(async () => {
    last = await operationStatus(client, id, TASK_QUEUE).catch(() => undefined);
    return last !== undefined && !['running', 'undoing'].includes(last.state);
  }, 'the end of the run');
  return last!;
}

function tellEnd(status: OperationStatus, id: string, engine: Engine, simulator: Simulator): void {
  stdout(`\n${statusText(status)}\n`);
  stdout('The calls as the imitation saw them:');
  for (const { seq, route, status: code, fault } of simulator.journal.calls()) {
    const trouble = fault === undefined ? '' : `   <- ${typeof fault === 'string' ? fault : JSON.stringify(fault)}`;
    stdout(`  ${String(seq).padStart(2)}  ${String(code ?? 'no answer').padEnd(9)}  ${route}${trouble}`);
  }
  const [tenant] = simulator.world.customers();
  stdout('\nThe tenant as the imitation holds it:');
  const shown = ['id', 'name', 'kind', 'enabled', 'customer_id', 'internal_tag', 'mfa_status'].map((field) => [
    field,
    tenant?.[field],
  ]);
  const items = simulator.world
    .items(tenant?.id ?? '')
    .map((item) => ({ name: item.name, quota: item.quota?.value ?? null }));
  const users = simulator.world.users(tenant?.id ?? '').map(({ id: userId, login }) => ({
    login,
    roles: simulator.world.policies(userId).map(({ role_id }) => role_id),
    mails: simulator.world.mails().filter((mail) => mail.userId === userId).length,
  }));
  stdout(JSON.stringify({ ...(Object.fromEntries(shown) as object), items, users }, null, 2));
  stdout(
    `\nThe run in Temporal's web UI: ${engine.uiUrl}/namespaces/${engine.namespace}/workflows/${encodeURIComponent(id)}`,
  );
}

async function lookAround(engine: Engine, simulator: Simulator, worker: WorkerProcess): Promise<void> {
  stdout(`\nAll stays up (worker pid ${worker.pid}). In another terminal:`);
  stdout(`  export TEMPORAL_ADDRESS=${engine.address}`);
  stdout('  npx tenantry list');
  stdout('  npx tenantry run provisionCustomer --input examples/provisionCustomer.json');
  stdout(`  curl ${simulator.url}/_simulator/world`);
  stdout('Ctrl-C stops everything.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}

async function until(true_: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await true_())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${PATIENCE_MS / 1000} s`);
    await sleep(50);
  }
}

process.exitCode = await demo(process.argv.includes('--stay'));

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { startGatewayProcess, type GatewayProcess } from '../client/cli/gateway-process.js';
import { startOperation } from '../client/operations.js';
import { STATUS_QUERY, type OperationStatus } from '../contract/status.js';
import { newCustomer, say, toOrder, whole, withBenchEnvironment, type BenchEnvironment } from './environment.js';
import { median, percentile, timed } from './figures.js';
import { openListener } from './listener.js';
import { cpuDuring, usageOf } from './processes.js';

interface Options {
  runs: number;
  rounds: number;
  listeners: number;
  json?: boolean;
}

const SECRET = `tk_${randomBytes(24).toString('base64url')}`;
const headers = { authorization: `Bearer ${SECRET}` };
const LISTEN_MS = 10_000;

/** Starts so many runs that wait for a person: the cloud refuses to create their tenants. */
async function openRuns({ client, simulator }: BenchEnvironment, count: number): Promise<string[]> {
  await simulator.control('POST', 'faults', { route: 'POST /tenants', fault: { refuse: 403 }, times: 1_000_000 });
  const ids: string[] = [];
  await timed(count, 20, async () => {
    const input = { ...toOrder(newCustomer('open')), onFailure: 'ask' };
    const { id } = await startOperation(client, { operation: 'provisionCustomer', input, taskQueue: 'tenantry' });
    ids.push(id);
  });
  const query = "WorkflowType = 'provisionCustomer' AND TenantryState = 'blocked'";
  for (let blocked = 0; blocked < count; await sleep(500)) {
    ({ count: blocked } = await client.workflow.count(query));
    say(`  ${blocked} of ${count} runs wait`);
  }
  return ids;
}

/** What a person waits for who opens the board. Each reading is a new one: what others have just read does not count. */
async function readBoards(gateway: GatewayProcess, cookie: string, rounds: number): Promise<number[]> {
  return await timed(rounds + 1, 1, async () => {
    await sleep(1500);
    const reply = await fetch(gateway.url, { headers: { cookie } });
    if (reply.status !== 200) throw new Error(`the board answered ${reply.status}`);
    await reply.text();
  }).then((times) => times.slice(1).map((ms) => ms - 1500));
}

async function logIn({ url }: GatewayProcess): Promise<string> {
  const body = new URLSearchParams({ key: SECRET });
  const reply = await fetch(`${url}/log-in`, { method: 'POST', redirect: 'manual', headers: { origin: url }, body });
  return reply.headers.getSetCookie()[0]!.split(';')[0]!;
}

/** How long after a worker has it in its status a change is heard: each round, a person tries a run again. */
async function lags(env: BenchEnvironment, gateway: GatewayProcess, ids: readonly string[], rounds: number) {
  const found: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const id = ids[round % ids.length]!;
    const path = `${gateway.url}/v1/operations/${encodeURIComponent(id)}`;
    const listener = await openListener(`${path}/stream`, headers);
    const before = await listener.next();
    // longer than any pause between two looks
    await sleep(3000 + 37 * round);
    const body = JSON.stringify({ reason: 'once more' });
    const json = { ...headers, 'content-type': 'application/json' };
    const heard = listener.until((text) => text !== before);
    const reply = await fetch(`${path}/retry`, { method: 'POST', headers: json, body });
    if (!reply.ok) throw new Error(`retry answered ${reply.status}`);
    const changedAt = await changed(env, id, before);
    await heard;
    found.push(Math.max(0, listener.lastAt() - changedAt));
    listener.leave();
  }
  return found;
}

/** When the status of a run is another one: a worker is asked directly, as fast as it answers. */
async function changed({ client }: BenchEnvironment, id: string, before: string): Promise<number> {
  const { steps } = JSON.parse(before) as OperationStatus;
  for (;;) {
    const now = await client.workflow.getHandle(id).query<OperationStatus>(STATUS_QUERY);
    if (JSON.stringify(now.steps) !== JSON.stringify(steps)) return performance.now();
  }
}

/** Processor time of the gateway with so many listeners of one run. */
async function costOf(gateway: GatewayProcess, id: string, listeners: number): Promise<number> {
  const path = `${gateway.url}/v1/operations/${encodeURIComponent(id)}/stream`;
  const all = await Promise.all(Array.from({ length: listeners }, async () => await openListener(path, headers)));
  await Promise.all(all.map(async (one) => await one.next()));
  const { gateway: ms } = await cpuDuring({ gateway: gateway.pid }, async () => await sleep(LISTEN_MS));
  for (const one of all) one.leave();
  await sleep(500);
  return ms;
}

async function measure(env: BenchEnvironment, { runs, rounds, listeners }: Options) {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
  const keys = join(folder, 'keys.json');
  const sha256 = createHash('sha256').update(SECRET).digest('hex');
  const key = { name: 'bench', role: 'decide', sha256, createdAt: new Date().toISOString() };
  await writeFile(keys, JSON.stringify({ keys: [key] }));
  const gateway = await startGatewayProcess(env.engine, { TENANTRY_API_KEYS: keys });
  try {
    const ids = await openRuns(env, runs);
    const boards = await readBoards(gateway, await logIn(gateway), rounds);
    say('  the board is measured');
    const behind = await lags(env, gateway, ids, rounds);
    say('  the stream is measured');
    const one = await costOf(gateway, ids[0]!, 1);
    const many = await costOf(gateway, ids[0]!, listeners);
    return {
      runs,
      board: { p50Ms: median(boards), p95Ms: percentile(boards, 0.95) },
      stream: { p50Ms: median(behind), p95Ms: percentile(behind, 0.95) },
      cpuMs: { one, many, listeners, duringMs: LISTEN_MS },
      peakMib: usageOf(gateway.pid).peakMib,
    };
  } finally {
    await gateway.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function print({ runs, board, stream, cpuMs, peakMib }: Awaited<ReturnType<typeof measure>>): void {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const lines = [
    `${runs} open runs, at most ${peakMib.toFixed(0)} MiB in the gateway`,
    `board: p50 ${ms(board.p50Ms)}, p95 ${ms(board.p95Ms)}`,
    `stream of one run behind a change: p50 ${ms(stream.p50Ms)}, p95 ${ms(stream.p95Ms)}`,
    `processor time of the gateway in ${cpuMs.duringMs / 1000} s: ${ms(cpuMs.one)} for one listener, ${ms(cpuMs.many)} for ${cpuMs.listeners} of one run`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function bench(options: Options): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
  try {
    const result = await withBenchEnvironment(async (env) => await measure(env, options), join(folder, 'temporal.db'));
    if (options.json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
    else print(result);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await new Command('bench-board')
  .description('Measures the board and the streams of the gateway while many runs wait for a person.')
  .option('--runs <n>', 'open runs', whole, 1000)
  .option('--rounds <n>', 'how often each is measured', whole, 20)
  .option('--listeners <n>', 'listeners of one run', whole, 30)
  .option('--json', 'print one JSON document')
  .addHelpText('after', '\nExample:\n  npm run bench:board -- --runs 100 --rounds 5')
  .action(bench)
  .parseAsync();

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Command } from 'commander';
import { Pool } from 'undici';
import { startGatewayProcess, type GatewayProcess } from '../client/cli/gateway-process.js';
import { CUSTOMER_WORKFLOW, FACTS_SIGNAL } from '../contract/customers.js';
import { searchAttributes } from '../contract/search-attributes.js';
import { startEngine } from '../engine/index.js';
import { sourceKinds } from '../sources/index.js';
import { clientOptions } from '../vault/index.js';
import { say, whole } from './environment.js';
import { median, percentile, timed } from './figures.js';
import { usageOf } from './processes.js';

interface Options {
  rounds: number;
  events: number;
  atOnce: number;
  overload: number;
  json?: boolean;
}

interface Load {
  events: number;
  atOnce: number;
}

interface Figures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that make the sender try again. */
  again: number;
}

interface Round {
  tookMs: number;
  times: number[];
  again: number;
}

/** Sends one event; false when it is to be sent again. */
type Send = (customer: string) => Promise<boolean>;

const SECRET = 'whsec_dGVuYW50cnktYmVuY2htYXJrLXNlY3JldC0wMDAxMDA=';
const EVENTS_OF_A_CUSTOMER = 3;

function eventOf(ref: string) {
  const subscription = { ref: 'S-1', plan: 'backup-standard', quantity: 25, state: 'active' };
  const contact = { email: 'it@customer.example', firstName: 'Jane', lastName: 'Doe' };
  const customer = { ref, name: 'Customer, Inc', language: 'en', contact };
  return { type: 'subscription.changed', timestamp: new Date().toISOString(), data: { customer, subscription } };
}

/** The same as the gateway has to do in Temporal, and nothing else. */
function bareSignal(client: Client): Send {
  return async (ref) => {
    const { type, timestamp: at, data } = eventOf(ref);
    await client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
      workflowId: `${CUSTOMER_WORKFLOW}:${ref}`,
      taskQueue: 'tenantry',
      args: [{ ref }],
      signal: FACTS_SIGNAL,
      signalArgs: [[{ source: 'own', event: { id: ref, type }, at, ...data }]],
    });
    return true;
  };
}

function throughGateway(url: string, connections: number): Send {
  const pool = new Pool(url, { connections });
  let sent = 0;
  return async (ref) => {
    sent += 1;
    const body = Buffer.from(JSON.stringify(eventOf(ref)));
    const signed = { secret: SECRET, now: new Date(), id: `msg_${process.pid}_${sent}`, url: '' };
    const headers = sourceKinds['standard-webhooks'].sign(body, signed);
    const reply = await pool.request({ method: 'POST', path: '/v1/events/own', headers, body });
    await reply.body.dump();
    if (reply.statusCode !== 202 && reply.statusCode !== 503) throw new Error(`answered ${reply.statusCode}`);
    return reply.statusCode === 202;
  };
}

let rounds = 0;

/** Each customer gets several events; the first one starts its workflow. */
async function runRound(send: Send, { events, atOnce }: Load): Promise<Round> {
  rounds += 1;
  const customers = Math.ceil(events / EVENTS_OF_A_CUSTOMER);
  const taken: number[] = [];
  const began = performance.now();
  await timed(events, atOnce, async (at) => {
    const start = performance.now();
    if (await send(`C-${rounds}-${at % customers}`)) taken.push(performance.now() - start);
  });
  return { tookMs: performance.now() - began, times: taken, again: events - taken.length };
}

function figuresOf(all: readonly Round[]): Figures {
  const times = all.flatMap((one) => one.times);
  return {
    perSecond: median(all.map((one) => (one.times.length * 1000) / one.tookMs)),
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    again: all.reduce((sum, one) => sum + one.again, 0),
  };
}

/** Interleaves the two, so that a noisy minute affects both. The first round of each does not count. */
async function measure(client: Client, gateway: GatewayProcess, { rounds: many, overload, ...load }: Options) {
  const subjects = { bare: bareSignal(client), gateway: throughGateway(gateway.url, load.atOnce) };
  const done: Record<keyof typeof subjects, Round[]> = { bare: [], gateway: [] };
  for (let number = 0; number <= many; number += 1)
    for (const name of ['bare', 'gateway'] as const) {
      const round = await runRound(subjects[name], load);
      if (number > 0) done[name].push(round);
      say(`  round ${number}/${many} ${name}: ${Math.round(round.tookMs)} ms for ${load.events}`);
    }
  const before = usageOf(gateway.pid).peakMib;
  const flood = await runRound(throughGateway(gateway.url, overload), { events: load.events * 2, atOnce: overload });
  return {
    bare: figuresOf(done.bare),
    gateway: figuresOf(done.gateway),
    overload: { atOnce: overload, ...figuresOf([flood]) },
    peakMib: { before, after: usageOf(gateway.pid).peakMib },
  };
}

async function bench(options: Options): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
  const engine = await startEngine({ searchAttributes, headless: true, db: join(folder, 'temporal.db') });
  const connection = await Connection.connect({ address: engine.address });
  const sources = join(folder, 'sources.json');
  await writeFile(sources, JSON.stringify({ own: { kind: 'standard-webhooks', secrets: ['env:OWN'] } }));
  const settings = { TENANTRY_SOURCES: sources, TENANTRY_SECRET_OWN: SECRET };
  const gateway = await startGatewayProcess(engine, settings);
  try {
    print(await measure(new Client({ connection, ...clientOptions() }), gateway, options), options);
  } finally {
    await gateway.stop();
    await connection.close();
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function print(result: Awaited<ReturnType<typeof measure>>, { atOnce, json = false }: Options): void {
  if (json) return void process.stdout.write(`${JSON.stringify(result)}\n`);
  const { bare, gateway, overload, peakMib } = result;
  const row = (name: string, { perSecond, p50Ms, p99Ms, again }: Figures) =>
    `| ${[name, perSecond.toFixed(0), p50Ms.toFixed(0), p99Ms.toFixed(0), again].join(' | ')} |`;
  const lines = [
    `${(gateway.perSecond / bare.perSecond).toFixed(2)} of what a bare signalWithStart takes`,
    `at most ${peakMib.before.toFixed(0)} MiB in the gateway, ${peakMib.after.toFixed(0)} MiB after the overload`,
    '| subject | events/s | p50 ms | p99 ms | to be sent again |',
    '| --- | --: | --: | --: | --: |',
    row(`bare signalWithStart, ${atOnce} at once`, bare),
    row(`gateway, ${atOnce} at once`, gateway),
    row(`gateway, ${overload.atOnce} at once`, overload),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

await new Command('bench-gateway')
  .description('Measures verified events through the gateway beside a bare signalWithStart, without a worker, on disk.')
  .option('--rounds <n>', 'counted rounds of each', whole, 5)
  .option('--events <n>', 'events in each round', whole, 2000)
  .option('--at-once <n>', 'events at the same time', whole, 32)
  .option('--overload <n>', 'events at the same time in the last round', whole, 300)
  .option('--json', 'print one JSON document')
  .addHelpText('after', '\nExample:\n  npm run bench:gateway -- --rounds 3')
  .action(bench)
  .parseAsync();

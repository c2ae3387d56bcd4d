import type { BareGraph } from './bare-graph/process.js';
import { median, percentile, sum, timed } from './figures.js';
import { plainScript } from '../client/cli/demo/plain-script.js';
import { cpuDuring } from './processes.js';
import { newCustomer, type BenchEnvironment } from './environment.js';

export interface Load {
  /** Milliseconds that the simulator takes for each call. */
  latencyMs: number;
  atOnce: number;
  customers: number;
}

/** The result of one round of one subject. */
export interface Round {
  times: number[];
  /** Milliseconds for the whole round. */
  tookMs: number;
  calls: number;
  /** Milliseconds of processor time, by process. */
  cpuMs: Record<string, number>;
}

export interface Figures {
  p50Ms: number;
  p95Ms: number;
  perSecond: number;
  callsPerCustomer: number;
  /** Milliseconds of processor time for one customer. */
  cpuMsPerCustomer: Record<string, number>;
}

export const subjects = ['plain script', 'bare graph', 'Tenantry'] as const;
export type Subject = (typeof subjects)[number];

/** Runs one round of one subject. */
export async function runRound(
  subject: Subject,
  env: BenchEnvironment,
  bare: BareGraph,
  { atOnce, customers }: Load,
): Promise<Round> {
  const { simulator } = env;
  const { act, pids } = subjectsOf(env, bare)[subject];
  const { count: before } = await simulator.control<{ count: number }>('GET', 'count');
  const began = performance.now();
  let times: number[] = [];
  const cpuMs = await cpuDuring(pids, async () => {
    times = await timed(customers, atOnce, act);
  });
  const tookMs = performance.now() - began;
  const { count } = await simulator.control<{ count: number }>('GET', 'count');
  return { times, tookMs, calls: count - before, cpuMs };
}

type Candidate = { act: () => Promise<void>; pids: Record<string, number> };

function subjectsOf(env: BenchEnvironment, bare: BareGraph): Record<Subject, Candidate> {
  const server = env.engine.pid;
  return {
    'plain script': { act: () => plainScript(env.simulator, newCustomer('plain')), pids: { script: process.pid } },
    'bare graph': { act: () => bare.run(env.client), pids: { worker: bare.pid, server } },
    Tenantry: { act: () => env.provision(newCustomer('bench')), pids: { worker: env.worker.pid, server } },
  };
}

/** The figures of all rounds of one subject. */
export function figuresOf(rounds: readonly Round[]): Figures {
  const times = rounds.flatMap((one) => one.times);
  const names = Object.keys(rounds[0]?.cpuMs ?? {});
  return {
    p50Ms: percentile(times, 0.5),
    p95Ms: percentile(times, 0.95),
    perSecond: median(rounds.map((one) => (one.times.length * 1000) / one.tookMs)),
    callsPerCustomer: sum(rounds.map(({ calls }) => calls)) / times.length,
    cpuMsPerCustomer: Object.fromEntries(
      names.map((name) => [name, sum(rounds.map(({ cpuMs }) => cpuMs[name] ?? 0)) / times.length]),
    ),
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { startEngine } from '../engine/index.js';
import type { WorkerProcess } from '../client/cli/worker-process.js';
import { searchAttributes } from '../contract/search-attributes.js';
import type { BenchCustomer, BenchEnvironment } from './environment.js';

/** Something that happens to a run in the middle of a call, and what it takes to be as before. */
export interface KillScenario {
  name: string;
  workers: 1 | 2;
  strike(env: BenchEnvironment, workers: WorkerProcess[]): Promise<void>;
}

/** The calls in whose middle it happens: one for each step. */
export const calls = [
  'GET /users/check_login',
  'POST /tenants',
  'PUT /tenants/{id}/offering_items',
  'PUT /tenants/{id}/mfa/status',
  'POST /users',
  'PUT /users/{id}/access_policies',
  'POST /users/{id}/send-activation-email',
] as const;

/** How long the call stays open, in milliseconds, so that there is a middle. */
export const OPEN_MS = 400;

export const killScenarios: readonly KillScenario[] = [
  {
    name: 'SIGKILL of the only worker, another started at once',
    workers: 1,
    async strike(env, workers) {
      workers.shift()!.kill();
      workers.push(await env.startWorker());
    },
  },
  {
    name: 'SIGKILL of one of two workers',
    workers: 2,
    // which of the two holds the run is chance; a new one takes the dead one's place for the next time
    async strike(env, workers) {
      workers.shift()!.kill();
      workers.push(await env.startWorker());
    },
  },
  {
    name: 'SIGTERM of the only worker, another started at once',
    workers: 1,
    async strike(env, workers) {
      const draining = workers.shift()!.stop();
      workers.push(await env.startWorker());
      await draining;
    },
  },
  {
    name: 'SIGKILL of the server, started again on its database',
    workers: 1,
    async strike(env) {
      const { db, address, pid, exited } = env.engine;
      process.kill(pid, 'SIGKILL');
      await exited;
      const port = Number(address.split(':')[1]);
      env.replaceEngine(await startEngine({ searchAttributes, headless: true, db, port }));
    },
  },
];

/** Milliseconds that one customer takes while a call is slow and something happens in its middle. */
export async function provisionThrough(
  env: BenchEnvironment,
  { customer, route }: { customer: BenchCustomer; route: string },
  strike: () => Promise<void> = async () => undefined,
): Promise<number> {
  const { simulator } = env;
  await simulator.control('POST', 'faults', { route, fault: { delay: OPEN_MS } });
  const { count } = await simulator.control<{ count: number }>('GET', `count?route=${encodeURIComponent(route)}`);
  const began = performance.now();
  const done = env.provision(customer).then(() => performance.now() - began);
  while (
    (await simulator.control<{ count: number }>('GET', `count?route=${encodeURIComponent(route)}`)).count === count
  )
    await sleep(5);
  const struck = strike();
  const [took] = await Promise.all([done, struck]);
  await simulator.control('DELETE', 'faults');
  return took;
}

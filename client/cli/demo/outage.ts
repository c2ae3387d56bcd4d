import { setTimeout as sleep } from 'node:timers/promises';
import { listOperations, type ListedRun } from '../../list.js';
import { runsTable } from '../format.js';
import { stdout } from '../output.js';
import { exampleOrder } from './print.js';
import { untilSettled, log, waitUntil, type Scenario, type Demo } from './scenario.js';

const CUSTOMERS = 5;
const LATENCY_MS = 150;
const CHECKS = 4;
const PAUSE_MS = 5000;

/** The cloud is down for 20 seconds while several customers are being provisioned. */
export const outage: Scenario = {
  summary: 'the cloud is down for 20 seconds: no decision is needed, all customers are completed',
  async run(demo) {
    const { simulator } = demo;
    simulator.setLatency(LATENCY_MS);
    const worker = await demo.startWorker();
    const ids = await Promise.all(orders().map((order) => demo.start(order)));
    await waitUntil(() => simulator.world.customers().length >= CUSTOMERS / 2, 'the first tenants');
    simulator.faults.next('*', 'drop-before', { times: Infinity });
    log('from now on the cloud breaks every connection');
    const quiet = await watchOutage(demo);
    simulator.faults.clear();
    log('the cloud is back');

    const ends = await Promise.all(ids.map((id) => untilSettled(demo, id)));
    stdout(`\n$ tenantry list\n${runsTable(await listOperations(demo.client, {}))}\n`);
    const names = new Set(simulator.world.customers().map(({ name }) => name));
    const asked = !quiet || worker.log().includes('waits for a decision');
    log(`${asked ? 'somebody' : 'nobody'} was asked; ${names.size} customers of ${CUSTOMERS} are there, once each`);
    const once = names.size === CUSTOMERS && simulator.world.customers().length === CUSTOMERS;
    return !asked && once && ends.every(({ state, decisions }) => state === 'completed' && decisions === undefined);
  },
};

function orders(): object[] {
  const { customer, administrator, ...rest } = exampleOrder();
  return Array.from({ length: CUSTOMERS }, (_none, at) => ({
    ...rest,
    customer: { ...customer, name: `Customer ${at + 1}, Inc`, customerId: `customer-${at + 1}` },
    administrator: { ...administrator, login: `${administrator.login}.${at + 1}` },
  }));
}

/** Watches the runs while the cloud is down; true when none of them ever waited for a person. */
async function watchOutage({ client, simulator }: Demo): Promise<boolean> {
  let quiet = true;
  for (let check = 1; check <= CHECKS; check += 1) {
    await sleep(PAUSE_MS);
    const runs = await listOperations(client, {});
    const broken = simulator.journal.calls().filter(({ fault }) => fault !== undefined).length;
    log(`down for ${(check * PAUSE_MS) / 1000} s: ${countByState(runs)}; ${broken} calls broken off so far`);
    quiet &&= runs.every(({ state }) => state !== 'blocked');
  }
  return quiet;
}

function countByState(runs: readonly ListedRun[]): string {
  const states = [...new Set(runs.map(({ state }) => state))];
  return states.map((state) => `${runs.filter((run) => run.state === state).length} ${state}`).join(', ');
}

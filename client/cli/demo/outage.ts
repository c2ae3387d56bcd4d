import { setTimeout as sleep } from 'node:timers/promises';
import { listOperations, type ListedRun } from '../../list.js';
import { runsTable } from '../format.js';
import { stdout } from '../output.js';
import { exampleOrder } from './scenery.js';
import { settled, tell, until, type Scenario, type Stage } from './stage.js';

const CUSTOMERS = 5;
const LATENCY_MS = 150;
const LOOKS = 6;
const PAUSE_MS = 10_000;

/** The cloud is away for a minute while several customers are on their way. */
export const outage: Scenario = {
  summary: 'the cloud is away for a minute: nobody is asked, all customers are completed (takes 80 seconds)',
  async play(stage) {
    const { simulator } = stage;
    simulator.setLatency(LATENCY_MS);
    const worker = await stage.startWorker();
    const ids = await Promise.all(orders().map((order) => stage.start(order)));
    await until(() => simulator.world.customers().length >= CUSTOMERS / 2, 'the first tenants');
    simulator.faults.next('*', 'drop-before', { times: Infinity });
    tell('from now on the cloud breaks every connection');
    const quiet = await lookOn(stage);
    simulator.faults.clear();
    tell('the cloud is back');

    const ends = await Promise.all(ids.map((id) => settled(stage, id)));
    stdout(`\n$ tenantry list\n${runsTable(await listOperations(stage.client, {}))}\n`);
    const names = new Set(simulator.world.customers().map(({ name }) => name));
    const asked = !quiet || worker.log().includes('waits for a decision');
    tell(`${asked ? 'somebody' : 'nobody'} was asked; ${names.size} customers of ${CUSTOMERS} are there, once each`);
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

/** Looks at the runs while the cloud is away; true when none of them ever waited for a person. */
async function lookOn({ client, simulator }: Stage): Promise<boolean> {
  let quiet = true;
  for (let look = 1; look <= LOOKS; look += 1) {
    await sleep(PAUSE_MS);
    const runs = await listOperations(client, {});
    const broken = simulator.journal.calls().filter(({ fault }) => fault !== undefined).length;
    tell(`away for ${(look * PAUSE_MS) / 1000} s: ${count(runs)}; ${broken} calls broken off so far`);
    quiet &&= runs.every(({ state }) => state !== 'blocked');
  }
  return quiet;
}

function count(runs: readonly ListedRun[]): string {
  const states = [...new Set(runs.map(({ state }) => state))];
  return states.map((state) => `${runs.filter((run) => run.state === state).length} ${state}`).join(', ');
}

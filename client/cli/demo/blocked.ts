import { decide } from '../../decisions.js';
import { listOperations, withBlocks, type BlockedRun } from '../../list.js';
import { blockedText } from '../format.js';
import { stdout } from '../output.js';
import { exampleOrder, printCalls, printEnd } from './print.js';
import { untilSettled, TASK_QUEUE, log, waitUntil, type Scenario, type Demo } from './scenario.js';

const MAKES_TENANT = 'POST /tenants';
const LATE_MS = 1000;

/** Somebody else takes the login between our check and our call. Only a person can help. */
export const blocked: Scenario = {
  summary: 'a taken login blocks the run; amend gives another; what is done is not repeated',
  async run(demo) {
    const { simulator, client } = demo;
    const order = exampleOrder();
    const { login } = order.administrator;
    simulator.faults.next(MAKES_TENANT, { delay: LATE_MS });
    await demo.startWorker();
    const id = await demo.start(order);
    await waitUntil(() => simulator.journal.calls(MAKES_TENANT).length > 0, `the call ${MAKES_TENANT}`);
    const [otherTenant] = simulator.world.tenants().filter(({ name }) => name === 'Seeded Customer');
    simulator.world.addUser({ tenant_id: otherTenant!.id, login });
    log(`${login} was free a moment ago; now somebody else has taken it`);

    await untilSettled(demo, id);
    const before = simulator.journal.calls();
    printCalls('The calls so far:', before);
    stdout(`\n$ tenantry list --state blocked\n${blockedText(await blockedRuns(demo))}`);

    const amended = { ...order, administrator: { ...order.administrator, login: `${login}.2` } };
    const request = { actor: 'demo', reason: 'another login', input: amended };
    stdout(`\n$ tenantry amend ${id} --input order.json --reason "another login"\n`);
    await decide(client, { id, choice: 'amend', request, taskQueue: TASK_QUEUE });
    log(`amended: administrator.login is ${amended.administrator.login}`);

    const status = await untilSettled(demo, id);
    const after = simulator.journal.calls().slice(before.length);
    printCalls('The calls since then (it checks the new login first):', after);
    printEnd(status, demo);
    const done = new Set(before.filter((call) => isChange(call) && call.status! < 300).map(({ route }) => route));
    return status.state === 'completed' && after.every(({ route }) => !done.has(route));
  },
};

/** Temporal's search learns of a block a moment later than the run. */
async function blockedRuns({ client }: Demo): Promise<BlockedRun[]> {
  let runs: BlockedRun[] = [];
  await waitUntil(async () => {
    runs = await withBlocks(client, await listOperations(client, { state: 'blocked' }), TASK_QUEUE);
    return runs.length > 0;
  }, 'the blocked run in the list');
  return runs;
}

function isChange({ method }: { method: string }): boolean {
  return method !== 'GET';
}

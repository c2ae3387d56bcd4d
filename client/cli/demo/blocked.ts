import { decide } from '../../decisions.js';
import { listBlocked, type BlockedRun } from '../../list.js';
import { blockedText } from '../format.js';
import { stdout } from '../output.js';
import { exampleOrder, showCalls, showEnd } from './scenery.js';
import { settled, TASK_QUEUE, tell, until, type Scenario, type Stage } from './stage.js';

const MAKES_TENANT = 'POST /tenants';
const LATE_MS = 1000;

/** Somebody else takes the login between our look and our call: only the call can tell, and only a person can help. */
export const blocked: Scenario = {
  summary: 'a taken login blocks the run; amend gives another; what is done is not repeated',
  async play(stage) {
    const { simulator, client } = stage;
    const order = exampleOrder();
    const { login } = order.administrator;
    simulator.faults.next(MAKES_TENANT, { delay: LATE_MS });
    await stage.startWorker();
    const id = await stage.start(order);
    await until(() => simulator.journal.calls(MAKES_TENANT).length > 0, `the call ${MAKES_TENANT}`);
    const [neighbour] = simulator.world.tenants().filter(({ name }) => name === 'Seeded Customer');
    simulator.world.addUser({ tenant_id: neighbour!.id, login });
    tell(`${login} was free a moment ago; now somebody else has taken it`);

    await settled(stage, id);
    const before = simulator.journal.calls();
    showCalls('The calls so far:', before);
    stdout(`\n$ tenantry list --state blocked\n${blockedText(await blockedRuns(stage))}`);

    const amended = { ...order, administrator: { ...order.administrator, login: `${login}.2` } };
    const request = { actor: 'demo', reason: 'another login', input: amended };
    stdout(`\n$ tenantry amend ${id} --input order.json --reason "another login"\n`);
    await decide(client, { id, choice: 'amend', request, taskQueue: TASK_QUEUE });
    tell(`amended: administrator.login is ${amended.administrator.login}`);

    const status = await settled(stage, id);
    const after = simulator.journal.calls().slice(before.length);
    showCalls('The calls since then (the look is for the new login):', after);
    showEnd(status, stage);
    const done = new Set(before.filter((call) => isChange(call) && call.status! < 300).map(({ route }) => route));
    return status.state === 'completed' && after.every(({ route }) => !done.has(route));
  },
};

/** The search knows of a block a moment after the run itself. */
async function blockedRuns({ client }: Stage): Promise<BlockedRun[]> {
  let runs: BlockedRun[] = [];
  await until(async () => {
    runs = await listBlocked(client, {}, TASK_QUEUE);
    return runs.length > 0;
  }, 'the blocked run in the list');
  return runs;
}

function isChange({ method }: { method: string }): boolean {
  return method !== 'GET';
}

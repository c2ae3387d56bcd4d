import type { JournalEntry } from '../../../simulator/index.js';
import { stdout } from '../output.js';
import { exampleOrder, printCalls, printCustomers, printEnd } from './print.js';
import { untilSettled, log, waitUntil, type Scenario } from './scenario.js';

const HANGING_CALL = 'PUT /users/{id}/access_policies';

/** One customer, while the network, the vendor and the worker fail. */
export const faults: Scenario = {
  summary: 'a lost answer, a 503 and a killed worker: one customer, complete',
  async run(demo) {
    const { simulator } = demo;
    simulator.faults.next('POST /tenants', 'commit-then-drop');
    simulator.faults.next('PUT /tenants/{id}/offering_items', { refuse: 503, html: true });
    simulator.faults.next(HANGING_CALL, 'hang');
    log('arranged: the answer to POST /tenants is lost, one 503, and a call that hangs until the worker is killed');
    const first = await demo.startWorker();
    const id = await demo.start(exampleOrder());
    await waitUntil(() => simulator.journal.calls(HANGING_CALL).length > 0, `the call ${HANGING_CALL}`);
    first.kill();
    log(`killed the worker (SIGKILL) in the middle of ${HANGING_CALL}`);
    await demo.startWorker();
    log('it goes on where the first one stopped');
    const status = await untilSettled(demo, id);
    const calls = simulator.journal.calls();
    printCalls('The calls that the simulator received:', calls);
    if (status.state === 'completed') stdout(`  ${whoseCalls(calls, status.apiCalls)}`);
    printCustomers(simulator);
    printEnd(status, demo);
    return status.state === 'completed' && simulator.world.customers().length === 1;
  },
};

/** The status counts what steps have reported; the simulator has received more. */
function whoseCalls(calls: readonly JournalEntry[], reported: number): string {
  const cutOff = calls.filter(({ route, status }) => route === HANGING_CALL && status === null).length;
  const others = calls.length - reported - cutOff;
  return `${calls.length} calls: ${reported} of attempts that ended, ${cutOff} of the attempt that the kill cut off, ${others} of the workers themselves (tokens, and whether the cloud is well)`;
}

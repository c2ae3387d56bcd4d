import type { JournalEntry, Simulator } from '../../../simulator/index.js';
import { exampleOrder, printCalls, printCustomers, printEnd } from './print.js';
import { plainScriptBeside, halfText } from './beside.js';
import { detail, untilSettled, log, logOutcome, waitUntil, type Scenario } from './scenario.js';

/** A lost answer, a 503, and the kill of the worker. */
const FAULTS = 3;
const HANGING_CALL = 'PUT /users/{id}/access_policies';

/** One customer, while the network, the vendor and the worker fail. */
export const faults: Scenario = {
  summary: 'a lost answer, a 503 and a killed worker: one customer, complete',
  async run(demo) {
    const { simulator } = demo;
    arrange(simulator.faults);
    simulator.faults.next(HANGING_CALL, 'hang');
    log(
      'what will be broken: the answer to POST /tenants is lost, one 503, and a call that hangs until the worker is killed',
    );
    const half = await plainScriptBeside(arrange);
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
    if (status.state === 'completed') detail(`  ${whoseCalls(calls, status.apiCalls)}`);
    printCustomers(simulator);
    printEnd(status, demo);
    const outcome = { faults: FAULTS, asked: status.decisions?.length ?? 0 };
    logOutcome(simulator, outcome, `; the plain script has left ${halfText(half)}`);
    return status.state === 'completed' && simulator.world.customers().length === 1;
  },
};

function arrange(faults: Simulator['faults']): void {
  faults.next('POST /tenants', 'commit-then-drop');
  faults.next('PUT /tenants/{id}/offering_items', { refuse: 503, html: true });
}

/** The status counts what steps have reported; the simulator has received more. */
function whoseCalls(calls: readonly JournalEntry[], reported: number): string {
  const cutOff = calls.filter(({ route, status }) => route === HANGING_CALL && status === null).length;
  const others = calls.length - reported - cutOff;
  return `${calls.length} calls: ${reported} of attempts that ended, ${cutOff} of the attempt that the kill cut off, ${others} of the workers themselves (tokens, and whether the cloud is well)`;
}

import { exampleOrder, printCalls, printCustomers, printEnd } from './print.js';
import { untilSettled, log, waitUntil, type Scenario } from './scenario.js';

const HANGING_CALL = 'PUT /users/{id}/access_policies';

/** One customer, while the network, the vendor and the worker fail. */
export const faults: Scenario = {
  summary: 'a lost answer, a 503 and a killed worker: one customer, complete (the default)',
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
    printCalls('The calls that the simulator received:', simulator.journal.calls());
    printCustomers(simulator);
    printEnd(status, demo);
    return status.state === 'completed' && simulator.world.customers().length === 1;
  },
};

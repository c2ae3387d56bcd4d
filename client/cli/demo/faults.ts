import { exampleOrder, showCalls, showCustomers, showEnd } from './scenery.js';
import { settled, tell, until, type Scenario } from './stage.js';

const HANGING_CALL = 'PUT /users/{id}/access_policies';

/** One customer, while the network, the vendor and the worker fail on the way. */
export const faults: Scenario = {
  summary: 'a lost answer, a 503 and a killed worker: one customer, complete (played unless another is named)',
  async play(stage) {
    const { simulator } = stage;
    simulator.faults.next('POST /tenants', 'commit-then-drop');
    simulator.faults.next('PUT /tenants/{id}/offering_items', { refuse: 503, html: true });
    simulator.faults.next(HANGING_CALL, 'hang');
    tell('arranged: the answer to POST /tenants is lost, one 503, and a call that hangs until the worker is killed');
    const first = await stage.startWorker();
    const id = await stage.start(exampleOrder());
    await until(() => simulator.journal.calls(HANGING_CALL).length > 0, `the call ${HANGING_CALL}`);
    first.kill();
    tell(`killed the worker (SIGKILL) in the middle of ${HANGING_CALL}`);
    await stage.startWorker();
    tell('it goes on where the first one was');
    const status = await settled(stage, id);
    showCalls('The calls as the imitation saw them:', simulator.journal.calls());
    showCustomers(simulator);
    showEnd(status, stage);
    return status.state === 'completed' && simulator.world.customers().length === 1;
  },
};

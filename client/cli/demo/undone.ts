import { stdout } from '../output.js';
import { exampleOrder, printCalls, printEnd } from './print.js';
import { untilSettled, log, type Scenario } from './scenario.js';

const ROLE = 'PUT /users/{id}/access_policies';

/** A step is refused and the order has `onFailure: "undo"`: everything that was made is removed again. */
export const undone: Scenario = {
  summary: 'a refused role: everything that was made is removed again, nothing is left',
  async run(demo) {
    const { simulator } = demo;
    const { world } = simulator;
    simulator.faults.next(ROLE, { refuse: 403, message: 'the API client may not give this role' });
    log('arranged: the role is refused; the order says "onFailure": "undo"');
    await demo.startWorker();
    const order = exampleOrder();
    const id = await demo.start({ ...order, onFailure: 'undo' });
    const status = await untilSettled(demo, id);
    printCalls('The calls that the simulator received:', simulator.journal.calls());
    printEnd(status, demo);
    const { login } = order.administrator;
    const left = {
      tenants: world.customers().length,
      users: world.users().filter((user) => user.login === login).length,
      mails: world.mails().length,
    };
    stdout(`\nLeft in the simulator of this order: ${JSON.stringify(left)}`);
    return status.state === 'undone' && Object.values(left).every((count) => count === 0);
  },
};

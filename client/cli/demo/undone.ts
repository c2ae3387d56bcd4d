import { stdout } from '../output.js';
import { exampleOrder, showCalls, showEnd } from './scenery.js';
import { settled, tell, type Scenario } from './stage.js';

const ROLE = 'PUT /users/{id}/access_policies';

/** A step in the middle is refused and the order says not to ask: everything that was made is removed again. */
export const undone: Scenario = {
  summary: 'a refused role: everything that was made is removed again, nothing is left',
  async play(stage) {
    const { simulator } = stage;
    const { world } = simulator;
    simulator.faults.next(ROLE, { refuse: 403, message: 'the API client may not give this role' });
    tell('arranged: the role is refused; the order says "onFailure": "undo"');
    await stage.startWorker();
    const order = exampleOrder();
    const id = await stage.start({ ...order, onFailure: 'undo' });
    const status = await settled(stage, id);
    showCalls('The calls as the imitation saw them:', simulator.journal.calls());
    showEnd(status, stage);
    const { login } = order.administrator;
    const left = {
      tenants: world.customers().length,
      users: world.users().filter((user) => user.login === login).length,
      mails: world.mails().length,
    };
    stdout(`\nLeft at the imitation, of this order: ${JSON.stringify(left)}`);
    return status.state === 'undone' && Object.values(left).every((count) => count === 0);
  },
};

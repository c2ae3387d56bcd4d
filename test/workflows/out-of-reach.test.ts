import { expect, test } from '@jest/globals';
import { decideFor, waitForState } from '../support/runs.js';
import { expectComplete } from '../support/expect-complete.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();

test.each([
  ['moved to where we may not go (403)', 403],
  ['hidden from us (404)', 404],
])(
  'a tenant that is %s while it is set up: a person is asked, and once it is back there is one customer',
  async (_words, refuse) => {
    const order = anOrder({ onFailure: 'ask' });
    for (const route of ['PUT /tenants/{id}/offering_items', 'GET /tenants/{id}/offering_items', 'GET /tenants/{id}'])
      env.simulator.faults.next(route, { refuse }, { times: Infinity });
    const handle = await env.start(order);

    const { blocked } = await waitForState(handle, 'blocked');

    expect(blocked).toMatchObject({ step: 'applyOfferingItems' });
    env.simulator.faults.clear();
    await decideFor(handle, 'retry');
    expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
    expectComplete(env.simulator, order.customer.name, order.administrator.login);
  },
);

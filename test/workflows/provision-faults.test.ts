import { calls } from '../../bench/kill-scenarios.js';
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { expectComplete } from '../support/expect-complete.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { anOrder } from '../support/orders.js';

const env = useVirtualEnvironment();

const faults: [words: string, fault: Fault][] = [
  ['is dropped before it is done', 'drop-before'],
  ['is done but its answer is lost', 'commit-then-drop'],
  ['is refused with 503', { refuse: 503, html: true }],
  ['is done but answered with 500', { refuse: 500, commit: true }],
  ['is throttled', { throttle: 1 }],
  ['is done but answered with garbage', 'garble'],
  ['finds all tokens expired', 'expire-tokens'],
  ['never gets an answer', 'hang'],
];
const routes = ['GET /tenants/{id}/offering_items/available_for_child', ...calls];

describe.each(routes)('when %s', (route) => {
  test.each(faults)('%s, there is exactly one complete customer', async (_words, fault) => {
    const order = anOrder();
    env.simulator.faults.next(route, fault);

    const status = await env.provision(order);

    expect(status.state).toBe('completed');
    expectComplete(env.simulator, order.customer.name, order.administrator.login);
  });
});

test('an answer that takes longer than a worker may be silent is waited for, and the call is made once', async () => {
  const order = anOrder();
  const before = env.simulator.journal.calls('POST /users').length;
  env.simulator.faults.next('POST /users', { delay: 2600 });

  const status = await env.provision(order);

  expect(status).toMatchObject({ state: 'completed', adopted: [] });
  expect(env.simulator.journal.calls('POST /users')).toHaveLength(before + 1);
});

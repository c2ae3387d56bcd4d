import { expect, test } from '@jest/globals';
import { startBlocked, decideFor } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
let made = 0;

test.each([
  ['issueAgentToken', {}, 'GET /tenants/{id}/registration_tokens'],
  ['createApiClient', { name: 'Billing' }, 'GET /clients'],
  ['createResourceGroup', { name: 'Office', condition: 'ws-*' }, 'GET /api/resource_management/v4/resources'],
])('%s that is amended before it was tried looks no longer than one that is not', async (operation, fields, look) => {
  const anOrder = () => {
    made += 1;
    return {
      ...fields,
      tenant: { id: env.simulator.world.addTenant({ name: `Amended ${made}` }) },
      onFailure: 'ask',
    };
  };
  const looks = () => env.calls().filter((route) => route === look).length;
  looks();
  await env.run(operation, anOrder());
  const once = looks();
  env.simulator.faults.next(look, { refuse: 403 });
  const order = anOrder();
  const handle = await startBlocked(env, operation, order);
  const refused = looks();

  await decideFor(handle, 'amend', { input: { ...order, onFailure: 'undo' } });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect([refused, looks()]).toEqual([1, once]);
});

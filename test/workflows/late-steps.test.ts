import { expect, test } from '@jest/globals';
import { anOrder } from '../support/orders.js';
import { decideFor, startBlocked } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();
const LOGIN = 'GET /users/check_login';
const OFFER = 'GET /tenants/{id}/offering_items/available_for_child';

/** Refuses a look-up only after some tries, so that it blocks after the other one. */
function refuseLate(route: string) {
  env.simulator.faults.next(route, { refuse: 503 }, { times: 4 });
  env.simulator.faults.next(route, { refuse: 403 });
}

test('a run that is given up ends although its second look-up fails only afterwards', async () => {
  env.simulator.faults.next(OFFER, { refuse: 403 });
  refuseLate(LOGIN);
  const handle = await startBlocked(env, 'provisionCustomer', anOrder({ onFailure: 'ask' }));

  await decideFor(handle, 'abort');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', failureType: 'Undone' });
});

test('an amended run goes on with the new input although its second look-up fails only afterwards', async () => {
  const order = anOrder({ administrator: { login: 'taken.login' }, onFailure: 'ask' });
  refuseLate(OFFER);
  const handle = await startBlocked(env, 'provisionCustomer', order);

  const login = 'free.after.all';
  await decideFor(handle, 'amend', { input: { ...order, administrator: { ...order.administrator, login } } });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(env.simulator.world.mails().map((mail) => mail.login)).toContain(login);
});

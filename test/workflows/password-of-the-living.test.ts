import { expect, test } from '@jest/globals';
import { consoleClient } from '../support/console.js';
import { anOrder } from '../support/orders.js';
import { decideFor, startBlocked } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const PASSWORD = 'POST /users/{id}/password';
const byPassword = { by: 'password', secretRef: 'env:USER' };
const kept = expect.objectContaining({
  name: 'setPassword',
  state: 'adopted',
  lastError: expect.stringContaining('the user is activated already, so its password stays as it is'),
});
const passwordsSent = () => env.calls().filter((route) => route === PASSWORD).length;

/** A person sets a password in the console. */
async function setByHand({ administrator: { login } }: ReturnType<typeof anOrder>): Promise<void> {
  const { id } = env.simulator.world.users().find((one) => one.login === login)!;
  await consoleClient(env.simulator).users.setPassword(id, 'Correct-horse-9');
}

test.each([
  ['the password could not be set', PASSWORD],
  ['the role could not be given', 'PUT /users/{id}/access_policies'],
])('a user whom a person has activated while %s keeps its password', async (_words, route) => {
  const order = anOrder({ onFailure: 'ask', activation: byPassword });
  env.simulator.faults.next(route, { refuse: 403 });
  const handle = await startBlocked(env, 'provisionCustomer', order);
  await setByHand(order);
  env.calls();

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', steps: expect.arrayContaining([kept]) });
  expect(passwordsSent()).toBe(0);
});

test('a user who is not activated gets the password after a block', async () => {
  const order = anOrder({ onFailure: 'ask', activation: byPassword });
  env.simulator.faults.next(PASSWORD, { refuse: 403 });
  const handle = await startBlocked(env, 'provisionCustomer', order);
  env.calls();

  await decideFor(handle, 'retry');

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  expect(passwordsSent()).toBe(1);
});

import { expect, test } from '@jest/globals';
import { decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { anOrder } from '../support/orders.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment();

/** From now on the vendor takes no credentials any more, and what it gave before is worth nothing. */
function lockOut() {
  env.simulator.faults.next('POST /idp/token', { refuse: 401 }, { times: Infinity });
  env.simulator.expireTokens();
  env.notices.length = 0;
}

test('while a cloud is down no run asks a person, deadlines stand still, and all runs go on by themselves when it is back', async () => {
  lockOut();
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  const order = () => anOrder({ onFailure: 'ask', decisionDeadline: '1 second', then: 'undo' });
  const handles = await Promise.all([order(), order(), order()].map((one) => env.start(one)));
  for (const handle of handles) {
    const { blocked } = await waitForState(handle, 'blocked');
    expect(blocked).toMatchObject({ type: 'Acronis.Credentials', waitsForCloud: true });
    expect(blocked.until).toBeUndefined();
    // two steps are refused in the same words
    expect(blocked.message.split('POST /idp/token')).toHaveLength(2);
  }

  env.simulator.faults.clear();

  const ends = await Promise.all(handles.map((handle) => statusAtEnd(handle)));
  expect(ends.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
  await env.client.workflow.getHandle('cloudTrouble:default').result();
  expect(env.notices).toEqual([
    expect.objectContaining({ about: 'cloud', cloud: 'default', type: 'Acronis.Credentials', nth: 0 }),
    expect.objectContaining({ about: 'cloud-back', cloud: 'default' }),
  ]);
});

test('a person may give up a run that waits for the cloud', async () => {
  lockOut();
  const handle = await env.start(anOrder({ onFailure: 'ask' }));
  await waitForState(handle, 'blocked');

  await decideFor(handle, 'abort', { reason: 'takes too long' });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'undone', failureType: 'Undone' });
  env.simulator.faults.clear();
  await waitUntil(async () => env.notices.some(({ about }) => about === 'cloud-back'));
});

test('after the notice of a trouble was cancelled, the next affected run causes another one', async () => {
  lockOut();
  const told = async () => env.notices.filter(({ about }) => about === 'cloud').length;
  const one = await env.start(anOrder({ onFailure: 'ask' }));
  await waitUntil(async () => (await told()) === 1);
  const telling = env.client.workflow.getHandle('cloudTrouble:default');

  await telling.cancel();

  await expect(telling.result()).rejects.toThrow(/cancelled/i);
  const other = await env.start(anOrder({ onFailure: 'ask' }));
  await waitUntil(async () => (await told()) === 2);
  env.simulator.faults.clear();
  for (const handle of [one, other]) expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  await env.client.workflow.getHandle('cloudTrouble:default').result();
});

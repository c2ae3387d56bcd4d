import { expect, test } from '@jest/globals';
import { decideFor, expectSoon, reached } from '../support/desk.js';
import { statusAtEnd } from '../support/house.js';
import { anOrder } from '../support/orders.js';
import { useHouse } from '../support/use-house.js';

const house = useHouse();

/** From now on the vendor takes no credentials any more, and what it gave before is worth nothing. */
function lockOut() {
  house.simulator.faults.next('POST /idp/token', { refuse: 401 }, { times: Infinity });
  house.simulator.expireTokens();
  house.notices.length = 0;
}

test('while a cloud is away nobody is asked one by one, deadlines stand still, and all go on by themselves when it is back', async () => {
  lockOut();
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  const order = () => anOrder({ onFailure: 'ask', decisionDeadline: '1 second', then: 'undo' });
  const handles = await Promise.all([order(), order(), order()].map((one) => house.start(one)));
  for (const handle of handles) {
    const { blocked } = await reached(handle, 'blocked');
    expect(blocked).toMatchObject({ type: 'Acronis.Credentials', waitsForCloud: true });
    expect(blocked.until).toBeUndefined();
  }

  house.simulator.faults.clear();

  const ends = await Promise.all(handles.map((handle) => statusAtEnd(handle)));
  expect(ends.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
  await house.client.workflow.getHandle('cloudTrouble:default').result();
  expect(house.notices).toEqual([
    expect.objectContaining({ about: 'cloud', cloud: 'default', type: 'Acronis.Credentials', nth: 0 }),
    expect.objectContaining({ about: 'cloud-back', cloud: 'default' }),
  ]);
});

test('a person may give up a run that waits for the cloud', async () => {
  lockOut();
  const handle = await house.start(anOrder({ onFailure: 'ask' }));
  await reached(handle, 'blocked');

  await decideFor(handle, 'abort', { reason: 'takes too long' });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'failed', failureType: 'Refused' });
  house.simulator.faults.clear();
  await expectSoon(async () => house.notices.some(({ about }) => about === 'cloud-back'));
});

test('after the telling of a trouble was cancelled, the next run that suffers from it has it told again', async () => {
  lockOut();
  const told = async () => house.notices.filter(({ about }) => about === 'cloud').length;
  const one = await house.start(anOrder({ onFailure: 'ask' }));
  await expectSoon(async () => (await told()) === 1);
  const telling = house.client.workflow.getHandle('cloudTrouble:default');

  await telling.cancel();

  await expect(telling.result()).rejects.toThrow(/cancelled/i);
  const other = await house.start(anOrder({ onFailure: 'ask' }));
  await expectSoon(async () => (await told()) === 2);
  house.simulator.faults.clear();
  for (const handle of [one, other]) expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed' });
  await house.client.workflow.getHandle('cloudTrouble:default').result();
});

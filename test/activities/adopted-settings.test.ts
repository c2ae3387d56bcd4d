import { expect, test } from '@jest/globals';
import { attempt, untilSuccess } from '../support/activity-environment.js';
import { useTamperedEnvironment } from '../support/tampered-environment.js';

const env = useTamperedEnvironment({});
const cloud = 'default';

/** A tenant in which a step has switched on two items; the first had another quota before. */
async function setUp() {
  const tenantId = env.simulator.world.addTenant({ name: 'Adopted', kind: 'customer' });
  env.simulator.world.giveItems(tenantId, 'standard');
  const { result } = await attempt(env.activities.findHeldItems, { cloud, tenantId });
  const [first, second] = result.slice(0, 2) as [(typeof result)[0], (typeof result)[0]];
  const items = [{ ...first, quota: { value: 25, overage: null } }, second];
  const before = [first];
  await attempt(env.activities.applyOfferingItems, { cloud, tenantId, items, look: true });
  const held = async () => (await attempt(env.activities.findHeldItems, { cloud, tenantId })).result;
  const names = async () => (await held()).map(({ name }) => name);
  const restore = async (fields: object = {}) => {
    const spec = { cloud, tenantId, items, before, unsure: true, ...fields };
    return (await untilSuccess(env.activities.restoreItems, spec)).result;
  };
  return { tenantId, first, second, held, names, restore };
}

test('the undo resets items to what they were, and a repeat finds nothing to do', async () => {
  const { first, second, held, names, restore } = await setUp();

  expect(await restore()).toEqual({ undone: true, leftovers: [] });
  expect(await names()).not.toContain(second.name);
  expect((await held()).find(({ name }) => name === first.name)?.quota?.value ?? null).toBe(first.quota?.value ?? null);
  expect(await restore()).toEqual({ undone: false, leftovers: [] });
});

test.each([
  [true, /somebody else has changed them too/],
  [false, /others have changed them since/],
])('one that somebody has changed since is named (after a lost answer: %s)', async (doubted, reason) => {
  const { tenantId, first, names, second, restore } = await setUp();
  const theirs = [{ ...first, quota: { value: 30, overage: null } }];
  await attempt(env.activities.applyOfferingItems, { cloud, tenantId, items: theirs, look: true });

  const { leftovers } = await restore({ doubted });

  expect(leftovers).toMatchObject([{ kind: 'setting', id: tenantId, reason: expect.stringMatching(reason) }]);
  expect((await names()).includes(second.name)).toBe(doubted);
});

test('two-factor authentication stays, and is named, when nobody knows whether it was required before', async () => {
  const { tenantId } = await setUp();
  await attempt(env.activities.requireTwoFactor, { cloud, tenantId, look: true });
  const undo = async (known: boolean) =>
    (await untilSuccess(env.activities.restoreTwoFactor, { cloud, tenantId, known, unsure: true })).result;

  expect(await undo(false)).toMatchObject({ undone: false, leftovers: [{ kind: 'setting', id: tenantId }] });
  expect((await attempt(env.activities.findTwoFactor, { cloud, tenantId })).result).toEqual({ duty: true });
  expect(await undo(true)).toEqual({ undone: true, leftovers: [] });
});

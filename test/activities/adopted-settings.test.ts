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

/** The cloud says that the tenant uses so much of the item. */
function use(item: { application_id: string; name: string; usage_name: string | null }, absolute_value: number): void {
  const { application_id, name, usage_name } = item;
  const usage = {
    application_id,
    name,
    usage_name,
    measurement_unit: 'quantity',
    absolute_value,
    value: absolute_value,
  };
  env.answerTo = (call) => (call.endsWith('/usages') ? Response.json({ items: [usage] }) : undefined);
}

test.each([
  [20, true, 25],
  [5, false, 10],
])('the undo lowers no quota below the use (10 before, 25 now, %s used; named: %s)', async (used, isNamed, left) => {
  const { tenantId, first, held, restore } = await setUp();
  use(first, used);

  const { leftovers } = await restore({ before: [{ ...first, quota: { value: 10, overage: null } }] });

  const leftover = { kind: 'setting', id: tenantId, reason: expect.stringMatching(/in use/) };
  expect(leftovers).toMatchObject(isNamed ? [leftover] : []);
  expect((await held()).find(({ name }) => name === first.name)?.quota?.value).toBe(left);
});

test('what a person may have set, after a look had shown that the run had not, stays and is named', async () => {
  const { tenantId, held, restore } = await setUp();
  const before = await held();
  await attempt(env.activities.requireTwoFactor, { cloud, tenantId, look: true });
  const second = { cloud, tenantId, known: true, unsure: true, doubted: true, doubtful: true };

  expect(await restore({ doubted: true, doubtful: true })).toMatchObject({
    undone: false,
    leftovers: [{ id: tenantId }],
  });
  expect((await attempt(env.activities.restoreTwoFactor, second)).result).toMatchObject({
    leftovers: [{ id: tenantId }],
  });

  expect(await held()).toEqual(before);
  expect((await attempt(env.activities.findTwoFactor, { cloud, tenantId })).result).toEqual({ duty: true });
});

test.each<[string, ('drop-before' | { refuse: number })[], object]>([
  ['after a look had shown that a lost call had no effect', ['drop-before', { refuse: 403 }], { doubtful: true }],
  ['at once', [{ refuse: 403 }], {}],
])('a step that is refused %s says so', async (_when, faults, came) => {
  const tenantId = env.simulator.world.addTenant({ name: 'Refused', kind: 'customer' });
  for (const fault of faults) env.simulator.faults.next('PUT /tenants/{id}/mfa/status', fault);

  const failed = untilSuccess(env.activities.requireTwoFactor, { cloud, tenantId, look: true });

  await expect(failed).rejects.toMatchObject({ details: [{ changed: false }] });
  const { details } = (await failed.catch((error: unknown) => error)) as { details: { came?: object }[] };
  expect(details[0]?.came ?? {}).toEqual(came);
});

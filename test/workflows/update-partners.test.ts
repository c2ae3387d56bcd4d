import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { aFolder, editionsOf, outcomesOf } from '../support/partner-folders.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment({ strict: true });
const PUT = 'PUT /tenants/{id}/offering_items';
const LIST = 'GET /tenants/{id}/offering_items';

test('gives each partner all editions, and a repeat changes nothing', async () => {
  const { ids, order } = aFolder(env, 3);

  const first = await env.run('updatePartners', order);
  env.calls();
  const second = await env.run('updatePartners', order);

  expect(first).toMatchObject({ state: 'completed', changed: true });
  expect(Object.values(outcomesOf(first))).toEqual(['updated', 'updated', 'updated']);
  for (const id of ids) expect(editionsOf(env, id)).toEqual(['fss_per_user', 'pck_per_gigabyte', 'pck_per_workload']);
  expect(second).toMatchObject({ state: 'completed', changed: false, adopted: ['updatePartners'] });
  expect(Object.values(outcomesOf(second))).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(env.calls()).not.toContain(PUT);
});

test("gives each partner one edition, and leaves its other items and their quotas' versions alone", async () => {
  const { ids, order } = aFolder(env, 1, { edition: 'fss_per_user' });
  const quota = { value: 25, overage: 5, version: 1_700_000_000_000 };
  Object.assign(env.simulator.world.items(ids[0]!)[0]!, { quota });

  expect(outcomesOf(await env.run('updatePartners', order))).toEqual({ [ids[0]!]: 'updated' });
  expect(editionsOf(env, ids[0]!)).toEqual(['fss_per_user', 'pck_per_gigabyte']);
  expect(env.simulator.world.items(ids[0]!)[0]).toMatchObject({ quota });
});

test("one partner's refusal stops no other, and each says how it came out", async () => {
  const { ids, order } = aFolder(env, 5);
  const [refused, failed, disabled, locked, fine] = ids as [string, string, string, string, string];
  env.simulator.faults.next(PUT, { refuse: 403, message: 'not this one' }, { about: [refused] });
  env.simulator.faults.next(LIST, 'garble', { times: 99, about: [failed] });
  env.simulator.world.disable(disabled);
  const owner = env.simulator.world.addTenant({ name: 'The owner of a lock', kind: 'partner' });
  env.simulator.world.lock(locked, owner);

  const status = await env.run('updatePartners', order);

  expect(status).toMatchObject({ state: 'completed', changed: true, adopted: [] });
  expect(outcomesOf(status)).toEqual({
    [refused]: expect.stringMatching(/^refused: .*not this one/),
    [failed]: expect.stringMatching(/^failed: .*cannot be read/),
    [disabled]: 'skipped: is disabled',
    [locked]: `skipped: is locked by tenant ${owner}`,
    [fine]: 'updated',
  });
  expect(editionsOf(env, refused)).toEqual(['pck_per_gigabyte']);
});

test('whatever happens to the call, a partner is updated', async () => {
  const faults: [Fault, number?][] = [
    ['commit-then-drop'],
    ['drop-before'],
    ['garble'],
    [{ refuse: 503 }, 3],
    [{ refuse: 426, code: 1001 }],
  ];
  const { ids, order } = aFolder(env, faults.length);
  for (const [at, [fault, times = 1]] of faults.entries())
    env.simulator.faults.next(PUT, fault, { times, about: [ids[at]!] });

  const status = await env.run('updatePartners', order);

  expect(Object.values(outcomesOf(status))).toEqual(faults.map(() => 'updated'));
  for (const id of ids) expect(editionsOf(env, id)).toHaveLength(3);
});

test('a partner that needs nothing is unchanged, whatever happens to the check', async () => {
  const { ids, order } = aFolder(env, 1, { edition: 'pck_per_gigabyte' });
  env.simulator.faults.next(LIST, 'commit-then-drop', { times: 2, about: ids });

  expect(outcomesOf(await env.run('updatePartners', order))).toEqual({ [ids[0]!]: 'unchanged' });
});

test('a partner that an earlier try may have updated is not called refused', async () => {
  const { ids, order } = aFolder(env, 1);
  env.simulator.faults.next(PUT, 'commit-then-drop', { about: ids });
  env.simulator.faults.next(LIST, { refuse: 403 }, { after: 1, about: ids });

  const outcomes = outcomesOf(await env.run('updatePartners', order));

  expect(outcomes).toEqual({ [ids[0]!]: expect.stringMatching(/^failed: .*it may have been updated all the same/) });
});

describe('the partners are those directly below', () => {
  test("the API client's own tenant, unless another is named", async () => {
    const own = env.simulator.world.addTenant({ name: 'Directly below', kind: 'partner' });

    const status = await env.run('updatePartners', { to: { edition: 'pck_per_gigabyte' } });

    expect(outcomesOf(status)).toMatchObject({ [own]: 'updated' });
    const { root, ids } = aFolder(env, 1);
    expect(Object.keys(outcomesOf(status))).not.toEqual(expect.arrayContaining([root, ...ids]));
  });

  test.each<[string, object, RegExp]>([
    ['a customer', { root: { name: 'Taken Name, Inc' } }, /root: .* is a customer/],
    ['a tenant that nobody has', { root: { name: 'Nobody' } }, /root\.name: "Nobody" fits no tenant/],
    ['a parent that does not offer it', { to: { edition: 'advanced' } }, /to\.edition: .*"advanced"/],
  ])('%s is refused, and nothing is written', async (_words, fields, sentence) => {
    env.calls();

    const status = await env.run('updatePartners', { to: { editions: 'all' }, onFailure: 'undo', ...fields });

    expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
    expect(env.calls()).not.toContain(PUT);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { decideFor, waitUntil, waitForState } from '../support/runs.js';
import { statusAtEnd } from '../support/operation-environment.js';
import { useTestEnvironment } from '../support/use-test-environment.js';

const env = useTestEnvironment({ strict: true });
const DELETE = 'DELETE /applications/{id}/bindings/tenants/{id}';
const backup = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';
let made = 0;

/** A partner with two applications and a customer below that has them too, and the order that switches them off. */
function aPartner(fields: object = {}) {
  made += 1;
  const { world } = env.simulator;
  const name = `With applications ${made}`;
  const id = world.addTenant({ name, kind: 'partner', edition: 'pck_per_gigabyte' });
  world.giveItems(id, 'fss_per_user');
  const below = world.addTenant({ name: `Below ${made}`, parent_id: id, edition: 'pck_per_gigabyte' });
  const order = { tenant: { id }, confirm: name, onFailure: 'undo', ...fields };
  return { id, below, order };
}

const on = (id: string) => new Set(env.simulator.world.items(id).map(({ application_id }) => application_id));
const deletes = () => env.calls().filter((route) => route === DELETE).length;
const named = (id: string) => ({ kind: 'setting', id, reason: expect.stringMatching(/destroyed/) });

test('switches every application off but the platform, below too; a repeat finds nothing left', async () => {
  const { id, below, order } = aPartner();

  const first = await env.run('disableApplications', order);
  env.calls();
  const second = await env.run('disableApplications', order);

  expect(first).toMatchObject({ state: 'completed', changed: true, tenantId: id });
  const names = first.steps.map(({ name }) => name).slice(2);
  expect(names.sort()).toEqual(['disableApplication:backup', 'disableApplication:files_cloud']);
  expect([on(id), on(below)]).toEqual([new Set(), new Set()]);
  expect(second).toMatchObject({ state: 'completed', changed: false });
  expect([second.steps.length, deletes()]).toEqual([2, 0]);
});

test.each([['backup'], [backup]])('what is excepted as %s stays', async (name) => {
  const { id, below, order } = aPartner({ except: [name] });

  expect(await env.run('disableApplications', order)).toMatchObject({ state: 'completed', changed: true });
  expect([on(id), on(below)]).toEqual([new Set([backup]), new Set([backup])]);
});

test.each<[string, object, RegExp]>([
  [
    'another name as confirmation',
    { confirm: 'With applications' },
    /confirm: .*"With applications \d+".*1 tenant\(s\)/,
  ],
  ['an exception that names nothing', { except: ['bakcup'] }, /except: .*bakcup, only backup/],
])('%s is refused before anything is destroyed', async (_words, fields, sentence) => {
  const { id, order } = aPartner({ onFailure: 'ask', ...fields });
  env.calls();

  const status = await env.run('disableApplications', order);

  expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
  expect([on(id).size, deletes()]).toEqual([2, 0]);
});

test('makes the change once, whatever happens to the calls', async () => {
  const faults: [Fault, number?][] = [['commit-then-drop'], ['drop-before'], ['garble'], [{ refuse: 503 }, 3]];

  const ends = await Promise.all(
    faults.map(async ([fault, times = 1]) => {
      const { id, below, order } = aPartner();
      env.simulator.faults.next(DELETE, fault, { times, about: [id] });
      const status = await env.run('disableApplications', order);
      return { status, left: on(id).size + on(below).size };
    }),
  );

  for (const { status, left } of ends) expect([status, left]).toMatchObject([{ changed: true }, 0]);
});

describe('what cannot be undone', () => {
  test('is named when the run fails half-way, and what was not begun stays', async () => {
    const { id, order } = aPartner();
    env.simulator.faults.next(DELETE, { refuse: 403 }, { after: 1, about: [id] });

    const status = await env.run('disableApplications', order);

    expect(status).toMatchObject({ failureType: 'Leftovers', leftovers: [named(id)] });
    expect(on(id).size).toBe(1);
  });

  test('is named when its own answer was a refusal after the effect', async () => {
    const { id, order } = aPartner();
    env.simulator.faults.next(DELETE, { lostThen: { refuse: 403 } }, { about: [id] });

    expect(await env.run('disableApplications', order)).toMatchObject({ leftovers: [named(id)] });
  });

  test('is named by a run that is cancelled half-way', async () => {
    const { id, order } = aPartner();
    env.simulator.faults.next(DELETE, { refuse: 503 }, { after: 1, times: 99, about: [id] });
    const handle = await env.begin('disableApplications', order);
    const called = () => env.simulator.journal.calls(DELETE).filter(({ path }) => path.includes(id)).length;
    await waitUntil(async () => called() > 1);

    await handle.cancel();
    env.simulator.faults.clear();

    expect(await waitForState(handle, 'cancelled')).toMatchObject({ leftovers: [named(id)] });
    expect(on(id).size).toBe(1);
  });

  test('is kept without a leftover when the order says keep', async () => {
    const { id, order } = aPartner({ onFailure: 'keep' });
    env.simulator.faults.next(DELETE, { refuse: 403 }, { after: 1, about: [id] });

    expect(await env.run('disableApplications', order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
  });
});

test('a person who is asked can except the one that is refused', async () => {
  const { id, order } = aPartner({ onFailure: 'ask' });
  env.simulator.faults.next(DELETE, { refuse: 403 }, { about: [id] });
  const handle = await env.begin('disableApplications', order);
  const { blocked } = await waitForState(handle, 'blocked');
  const refused = blocked.step.split(':')[1]!;

  await decideFor(handle, 'amend', { input: { ...order, except: [refused] } });

  expect(await statusAtEnd(handle)).toMatchObject({ state: 'completed', changed: true });
  expect(on(id).size).toBe(1);
});

import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { waitUntil, waitForState } from '../support/runs.js';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';

const env = useVirtualEnvironment();
const PUT = 'PUT /tenants/{id}/pricing';
let made = 0;

/** A customer in trial, and the order that ends it. */
function aTrial({ kind = 'customer', ...order }: { kind?: string; confirm?: string; onFailure?: string } = {}) {
  made += 1;
  const name = `In trial ${made}`;
  const id = env.simulator.world.addTenant({ name, kind });
  return {
    id,
    order: { tenant: { id }, confirm: name, onFailure: 'undo', ...order },
    mode: () => env.simulator.world.pricing(id)!.mode,
  };
}

test('ends the trial, and a repeat finds it ended and writes nothing', async () => {
  const { id, order, mode } = aTrial();

  const first = await env.run('switchToProduction', order);
  env.calls();
  const second = await env.run('switchToProduction', order);

  expect(first).toMatchObject({ state: 'completed', changed: true, tenantId: id, adopted: [] });
  expect(mode()).toBe('production');
  expect(second).toMatchObject({ state: 'completed', changed: false, adopted: ['switchToProduction'] });
  expect(env.calls()).not.toContain(PUT);
});

test.each<[string, { kind?: string; confirm?: string }, RegExp]>([
  ['a partner', { kind: 'partner' }, /is a partner/],
  ['another name as confirmation', { confirm: 'In trial' }, /confirm: must be .*"In trial \d+".*1 user\(s\)/],
])('%s is refused before anything is written', async (_words, given, sentence) => {
  const { id, order, mode } = aTrial({ ...given, onFailure: 'ask' });
  env.simulator.world.addUser({ tenant_id: id, login: `in-trial-${made}` });
  const before = mode();
  env.calls();

  const status = await env.run('switchToProduction', order);

  expect(status).toMatchObject({ failureType: 'Refused', reason: { message: expect.stringMatching(sentence) } });
  expect(mode()).toBe(before);
  expect(env.calls()).not.toContain(PUT);
});

test('an order without a confirmation is no order', async () => {
  const status = await env.run('switchToProduction', { tenant: { name: 'In trial 1' } });

  expect(status).toMatchObject({ failureType: 'InvalidInput', reason: { message: expect.stringMatching(/confirm/) } });
});

test('a customer that bars us is confirmed without a look at its inside', async () => {
  const { id, order, mode } = aTrial();
  await env.run('limitAdministratorAccess', { tenant: { id } });

  expect(await env.run('switchToProduction', order)).toMatchObject({ state: 'completed' });
  expect(mode()).toBe('production');
});

test('makes the change once, whatever happens to the call', async () => {
  const faults: [Fault, number?][] = [
    ['commit-then-drop'],
    ['drop-before'],
    ['garble'],
    [{ refuse: 503 }, 3],
    // somebody else has written since we read
    [{ refuse: 409, code: 1001 }],
  ];

  const ends = await Promise.all(
    faults.map(async ([fault, times = 1]) => {
      const { id, order, mode } = aTrial();
      env.simulator.faults.next(PUT, fault, { times, about: [id] });
      const { state, changed } = (await env.run('switchToProduction', order)) as { state: string; changed?: boolean };
      return { fault, state, changed, mode: mode() };
    }),
  );

  expect(ends).toEqual(faults.map(([fault]) => ({ fault, state: 'completed', changed: true, mode: 'production' })));
});

describe('what cannot be undone', () => {
  test('is named when the run fails after it took effect', async () => {
    const { id, order } = aTrial();
    env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } }, { about: [id] });

    const status = await env.run('switchToProduction', order);

    const leftover = { kind: 'setting', id, reason: expect.stringMatching(/production/) };
    expect(status).toMatchObject({ state: 'failed', failureType: 'Leftovers', leftovers: [leftover] });
  });

  test('is not named when nothing took effect', async () => {
    const { id, order, mode } = aTrial();
    env.simulator.faults.next(PUT, { refuse: 403 }, { about: [id] });

    expect(await env.run('switchToProduction', order)).toMatchObject({ state: 'failed', failureType: 'Refused' });
    expect(mode()).toBe('trial');
  });

  test('is kept without a leftover when the order says keep', async () => {
    const { id, order } = aTrial({ onFailure: 'keep' });
    env.simulator.faults.next(PUT, { lostThen: { refuse: 403 } }, { about: [id] });

    expect(await env.run('switchToProduction', order)).toMatchObject({ state: 'failed', failureType: 'Kept' });
  });

  test('is named by a run that is cancelled after it took effect', async () => {
    const { id, order, mode } = aTrial();
    env.simulator.faults.next(PUT, { refuse: 503, commit: true }, { about: [id] });
    // no later try may find out before the run is cancelled
    env.simulator.faults.next('GET /tenants/{id}/pricing', { refuse: 503 }, { after: 2, times: 99, about: [id] });
    const handle = await env.begin('switchToProduction', order);
    await waitUntil(async () => mode() === 'production');

    await handle.cancel();
    env.simulator.faults.clear();

    expect(await waitForState(handle, 'cancelled')).toMatchObject({ leftovers: [{ kind: 'setting', id }] });
  });
});

import { describe, expect, test } from '@jest/globals';
import { useVirtualEnvironment } from '../support/use-virtual-environment.js';
import { anOrder } from '../support/orders.js';

const env = useVirtualEnvironment();

describe('what cannot be is refused and leaves nothing behind', () => {
  test.each<[what: string, fields: Parameters<typeof anOrder>[0], reason: RegExp]>([
    ['an item nobody offers', { offeringItems: ['workstations', 'moonbase'] }, /does not offer "moonbase"/],
    ['a login that somebody has', { administrator: { login: 'taken.login' } }, /"taken.login" is taken/],
    ['a name that somebody has', { customer: { name: 'Taken Name, Inc' } }, /already exists/],
    ['an unknown parent', { customer: { parentTenantId: '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69' } }, /tenant not found/],
    ['a size for what is counted', { quotas: { workstations: { limit: '1 TiB' } } }, /must be a whole number/],
    ['an unknown edition', { edition: 'gold' }, /does not offer "gold"/],
  ])('%s', async (_what, fields, reason) => {
    const before = env.simulator.world.tenants().length;

    const status = await env.provision(anOrder(fields));

    expect(status).toMatchObject({
      state: 'failed',
      failureType: 'Refused',
      reason: { message: expect.stringMatching(reason) },
    });
    expect(env.simulator.world.tenants()).toHaveLength(before);
  });

  test('all refusals are reported together', async () => {
    const status = await env.provision(
      anOrder({ offeringItems: ['moonbase'], administrator: { login: 'taken.login' } }),
    );

    expect(status).toMatchObject({ reason: { message: expect.stringMatching(/moonbase.*taken\.login/) } });
  });

  test.each([
    [{}],
    [undefined],
    ['text'],
    [{ customer: { name: 5 }, administrator: { login: 'a', email: 'no' }, bogus: 1 }],
  ])('the input %j fails at once, names every problem and calls nobody', async (input) => {
    env.calls();

    const status = await env.provision(input);

    expect(status).toMatchObject({ state: 'failed', failureType: 'InvalidInput' });
    expect(env.calls()).toEqual([]);
  });
});

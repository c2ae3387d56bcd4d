import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/index.js';
import { markText } from '../../contract/mark.js';
import { attempt, customer, person, untilSuccess } from '../support/activity-environment.js';
import { useActivityEnvironment } from '../support/use-activity-environment.js';

const { env } = useActivityEnvironment({ each: true });

const faults: Fault[] = [
  'drop-before',
  'commit-then-drop',
  'hang',
  'garble',
  'expire-tokens',
  { refuse: 500, commit: true },
  { refuse: 502, html: true },
  { throttle: 0 },
];

describe.each(faults.map((fault) => [JSON.stringify(fault), fault] as const))('with %s', (_words, fault) => {
  test('ensureCustomerTenant keeps one tenant', async () => {
    env.simulator.faults.next('POST /tenants', fault);

    const { result } = await untilSuccess(env.activities.ensureCustomerTenant, { ...env.place, customer, look: false });

    expect(env.simulator.world.customers()).toEqual([
      expect.objectContaining({ id: result.tenantId, internal_tag: markText(env.place.mark) }),
    ]);
  });

  test('ensureUser keeps one user', async () => {
    const tenantId = await env.aTenant();
    env.simulator.faults.next('POST /users', fault);

    const { result } = await untilSuccess(env.activities.ensureUser, {
      cloud: 'default',
      tenantId,
      person,
      language: 'en',
      look: false,
    });

    expect(env.simulator.world.users(tenantId).map(({ id }) => id)).toEqual([result.userId]);
  });

  test('applyOfferingItems ends with the quotas asked for', async () => {
    const tenantId = await env.aTenant();
    const wish = {
      offeringItems: ['workstations'],
      edition: undefined,
      quotas: { workstations: { limit: 7 } },
      infraId: undefined,
    };
    const offer = await attempt(env.activities.findOfferingItems, {
      cloud: 'default',
      parentTenantId: undefined,
      ...wish,
    });
    env.simulator.faults.next('PUT /tenants/{id}/offering_items', fault);

    await untilSuccess(env.activities.applyOfferingItems, {
      cloud: 'default',
      tenantId,
      items: offer.result.items,
      look: false,
    });

    expect(env.simulator.world.items(tenantId)).toEqual([
      expect.objectContaining({ name: 'workstations', quota: expect.objectContaining({ value: 7 }) }),
    ]);
  });

  test.each(['PUT /tenants/{id}', 'DELETE /tenants/{id}', 'GET /tenants'])(
    'removeCustomerTenant removes it although %s fails',
    async (route) => {
      await env.aTenant();
      env.simulator.faults.next(route, fault);

      const { result } = await untilSuccess(env.activities.removeCustomerTenant, {
        ...env.place,
        logins: [],
        unsure: false,
      });

      expect(result).toEqual({ undone: true, leftovers: [] });
      expect(env.simulator.world.customers()).toEqual([]);
    },
  );
});

test.each<Fault>([
  'drop-before',
  'commit-then-drop',
  'hang',
  'garble',
  { refuse: 500, commit: true },
  { refuse: 502 },
  { refuse: 503 },
  { refuse: 503, html: true, commit: true },
  { refuse: 408, html: true, commit: true },
  { refuse: 499, html: true, commit: true },
  { refuse: 400, html: true, commit: true },
  { refuse: 403, html: true, commit: true },
])('sendActivationEmail sends two mails at most when no answer says whether it was sent (%j)', async (fault) => {
  const userId = await env.aUser(await env.aTenant());
  env.simulator.faults.next('POST /users/{id}/send-activation-email', fault, { times: 9 });

  await untilSuccess(env.activities.sendActivationEmail, { cloud: 'default', userId });

  expect(env.simulator.world.mails().length).toBeLessThanOrEqual(2);
});

test('a user of a call without an answer is found although it is listed late', async () => {
  const tenantId = await env.aTenant();
  env.simulator.faults.next('POST /users', { stale: 2 });
  const spec = { cloud: 'default', tenantId, person, language: 'en', look: false };

  await attempt(env.activities.ensureUser, spec);
  const { result } = await attempt(env.activities.ensureUser, spec, 2);

  expect(env.simulator.world.users(tenantId).map(({ id }) => id)).toEqual([result.userId]);
});

test.each<Fault>([{ throttle: 0 }, 'expire-tokens'])(
  'sendActivationEmail goes on until one mail is sent when the cloud says that it sent none (%j)',
  async (fault) => {
    const userId = await env.aUser(await env.aTenant());
    env.simulator.faults.next('POST /users/{id}/send-activation-email', fault, { times: 3 });

    await untilSuccess(env.activities.sendActivationEmail, { cloud: 'default', userId });

    expect(env.simulator.world.mails()).toHaveLength(1);
  },
);

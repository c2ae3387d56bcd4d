import { describe, expect, test } from '@jest/globals';
import type { CustomerStatus } from '../../contract/customers.js';
import { everyMilestone, milestones } from '../../contract/milestones.js';
import { onboardingOf } from '../../contract/onboarding.js';

const SOLD = '2026-03-01T00:00:00.000Z';
const CREATED = '2026-03-02T00:00:00.000Z';
const nothing = everyMilestone();

const statusOf = (more: Partial<CustomerStatus> = {}): CustomerStatus => ({
  ref: 'C-1',
  cloud: 'default',
  state: 'waiting',
  subscriptions: [
    { source: 'shop', ref: 's2', items: [], state: 'active', since: '2026-03-05T00:00:00.000Z' },
    { source: 'shop', ref: 's1', items: [], state: 'active', since: SOLD },
    { source: 'shop', ref: 's0', items: [], state: 'ended', since: '2026-01-01T00:00:00.000Z' },
  ],
  wanted: { exists: true, enabled: true, offeringItems: [], quotas: {}, billingMode: 'trial' },
  runs: [],
  events: [],
  milestones: nothing,
  ...more,
});

test('before there is a tenant, that is missing since something is sold', () => {
  expect(onboardingOf(statusOf())).toEqual({
    ref: 'C-1',
    state: 'waiting',
    milestones: nothing,
    missing: 'the tenant',
    since: SOLD,
  });
});

test('with a tenant only that is known: of the rest nothing is said, not even who must act', () => {
  const known = onboardingOf(statusOf({ state: 'steady', tenantId: 't' }), CREATED);

  expect(known).toMatchObject({ tenantId: 't', milestones: { ...nothing, provisioned: CREATED } });
  expect(known.unknown?.map(({ milestone }) => milestone)).toEqual(milestones.slice(1));
  for (const field of ['missing', 'since', 'whoMustAct']) expect(known).not.toHaveProperty(field);
});

test('a tenant of which nobody knows when it was created is no tenant that is missing', () => {
  const known = onboardingOf(statusOf({ state: 'steady', tenantId: 't' }));

  expect(known).toMatchObject({ milestones: nothing, unknown: [{ milestone: 'provisioned' }, {}, {}, {}, {}] });
  expect(known).not.toHaveProperty('missing');
});

test('nothing is missing of a customer to whom nothing is sold', () => {
  const wanted = { ...statusOf().wanted, exists: false };

  const gone = onboardingOf(statusOf({ state: 'ended', wanted, subscriptions: [] }));

  expect(gone).toEqual({ ref: 'C-1', state: 'ended', milestones: nothing, whoMustAct: 'nobody' });
});

test.each<[string, Partial<CustomerStatus>, string | undefined]>([
  ['it goes on by itself', { state: 'converging' }, 'nobody'],
  ['the cloud does not answer', { state: 'blocked', blocked: { type: 'Acronis.Unavailable', message: '' } }, 'vendor'],
  ['a login is taken', { state: 'blocked', blocked: { type: 'Acronis.Taken', message: '' } }, 'operator'],
  ['a question is open', { state: 'blocked', blocked: { type: 'Tenantry.Asks', message: '' } }, 'operator'],
  ['it is only observed', { state: 'observed', observed: true }, 'operator'],
  ['a person has paused it', { state: 'paused' }, 'operator'],
  ['its name is missing', { waitingFor: 'name of the customer' }, 'operator'],
  ['a change of its tenant is under way', { state: 'converging', tenantId: 't' }, undefined],
])('who must act when %s', (_what, more, who) => {
  expect(onboardingOf(statusOf(more)).whoMustAct).toBe(who);
});

describe('of a customer whose plan says that it is protected', () => {
  const protection = { template: 'workstations', agents: 2 } as const;
  const at = '2026-03-04T00:00:00.000Z';
  const missing = { what: 'a machine that is online', since: at, whoMustAct: 'customer' } as const;
  const provisioned = { ...nothing, provisioned: CREATED };
  const live = (more: Partial<CustomerStatus>) =>
    onboardingOf(statusOf({ state: 'steady', tenantId: 't', milestones: provisioned, protection, ...more }));

  test('what its run waits for is missing, with the machines and the token, and nothing is unknown', () => {
    const machines = { expected: 2, registered: 1, withPlan: 1, protected: 0, failing: 0 };
    const token = { secretRef: 'store:installer', expiresAt: null };
    const run = { operation: 'protectCustomer', id: 'protectCustomer:t', state: 'running' } as const;
    const milestonesNow = { ...provisioned, activated: at };

    const known = live({ milestones: milestonesNow, protection: { ...protection, missing, machines, token, run } });

    expect(known).toEqual({
      ref: 'C-1',
      state: 'steady',
      tenantId: 't',
      milestones: milestonesNow,
      missing: missing.what,
      since: at,
      whoMustAct: 'customer',
      machines,
      token,
      run: run.id,
    });
  });

  test('before its run has begun, that is missing since there is a tenant, and nobody need act', () => {
    expect(live({})).toMatchObject({ missing: 'the start of the protection', since: CREATED, whoMustAct: 'nobody' });
  });

  test('while it is paused, the operator must act', () => {
    expect(live({ state: 'paused' })).toMatchObject({ missing: expect.any(String), whoMustAct: 'operator' });
  });

  test.each([
    ['Tenantry.Leftovers', 'operator'],
    ['Acronis.Unavailable', 'vendor'],
  ])('when its run has failed by %s, the %s must act', (type, who) => {
    const blocked = { type, message: 'why', since: at };
    expect(live({ protection: { ...protection, missing, blocked } }).whoMustAct).toBe(who);
  });

  test('once it is protected, nothing is missing and nobody need act', () => {
    const known = live({ milestones: { ...provisioned, agentOnline: at, planApplied: at, protected: at } });

    expect(known).toMatchObject({ whoMustAct: 'nobody', milestones: { protected: at } });
    for (const field of ['missing', 'since', 'unknown']) expect(known).not.toHaveProperty(field);
  });
});

import { expect, test } from '@jest/globals';
import type { CustomerStatus } from '../../contract/customers.js';
import { milestones, onboardingOf } from '../../contract/onboarding.js';

const SOLD = '2026-03-01T00:00:00.000Z';
const CREATED = '2026-03-02T00:00:00.000Z';
const nothing = { provisioned: null, activated: null, agentOnline: null, planApplied: null, protected: null };

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

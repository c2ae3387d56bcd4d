import { expect, test } from '@jest/globals';
import { everyMilestone } from '../../contract/milestones.js';
import { onboardingLines, onboardingViewOf } from '../../contract/onboarding-view.js';
import type { Onboarding } from '../../contract/onboarding.js';

const at = '2026-03-04T00:00:00.000Z';
const waiting: Onboarding = {
  ref: 'C-1',
  state: 'steady',
  tenantId: 't',
  milestones: everyMilestone({ provisioned: at }),
  missing: 'a machine with the agent installed',
  since: at,
  whoMustAct: 'customer',
  machines: { expected: 5, registered: 2, withPlan: 1, protected: 0, failing: 1 },
  token: { secretRef: 'store:installer-token', expiresAt: at },
  run: 'protectCustomer:t',
};
const statesOf = (onboarding: Onboarding) => onboardingViewOf(onboarding).milestones.map(({ state }) => state);

test('a timeline shows what is reached and awaited, who must act, machines, token and run', () => {
  expect(onboardingLines(waiting)).toEqual([
    `✔ provisioned   ${at}  the tenant exists`,
    '· activated                               a user can log in',
    '▶ agentOnline                             an agent is online',
    '· planApplied                             a plan backs a machine up',
    '· protected                               backups have succeeded',
    `missing: a machine with the agent installed, since ${at}: the customer must act`,
    'machines: 0 of 5 protected; 2 registered, 1 with a plan, 1 with a failed backup',
    `token for the installer: store:installer-token, valid until ${at}`,
    '  tenantry secret get installer-token',
    'run: protectCustomer:t',
    '  tenantry status protectCustomer:t',
  ]);
});

test('a login is not awaited: it comes at any time, or never', () => {
  expect(statesOf(waiting)).toEqual(['reached', 'open', 'next', 'open', 'open']);
});

test('of what nobody watches, it says that it is not known, and why, once', () => {
  const unknown = (['activated', 'agentOnline'] as const).map((milestone) => ({ milestone, why: 'nobody watches' }));
  const { missing: _missing, since: _since, ...rest } = waiting;

  const view = onboardingViewOf({ ...rest, unknown });

  expect(view.milestones.map(({ state }) => state)).toEqual(['reached', 'unknown', 'unknown', 'open', 'open']);
  expect(view.facts.filter((fact) => fact.includes('nobody watches'))).toHaveLength(1);
});

test('a tenant of which nobody knows when it was made is there', () => {
  expect(statesOf({ ...waiting, milestones: everyMilestone() })[0]).toBe('reached');
});

test('without a tenant, that is what is awaited', () => {
  const { tenantId: _tenantId, ...rest } = waiting;
  expect(statesOf({ ...rest, milestones: everyMilestone() })[0]).toBe('next');
});

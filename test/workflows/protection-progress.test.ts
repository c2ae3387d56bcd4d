import { expect, test } from '@jest/globals';
import type { ProtectionSight } from '../../contract/protection.js';
import { PROTECTS_STEP_BY_STEP } from '../../contract/revision.js';
import { missingIn, reachedBy } from '../../workflows/protect-customer/missing.js';
import { pauseFor } from '../../workflows/kernel/pace.js';
import { ProtectionProgress } from '../../workflows/protect-customer/progress.js';

const none = { registered: 0, withPlan: 0, protected: 0, failing: 0 };
const sight = (
  machines: Partial<ProtectionSight['machines']>,
  more: Partial<ProtectionSight> = {},
): ProtectionSight => ({
  tenant: 'on',
  activated: false,
  online: false,
  bare: [],
  ...more,
  machines: { ...none, ...machines },
});

test.each<[string, ProtectionSight, number, string | undefined, string | undefined]>([
  ['nothing there', sight({}), 1, 'a machine with the agent installed', 'customer'],
  ['tenant off', sight({}, { tenant: 'off' }), 1, 'that the tenant is enabled again', 'operator'],
  ['a machine that is off', sight({ registered: 1, withPlan: 1 }), 1, 'a machine that is online', 'customer'],
  [
    'a machine with a plan',
    sight({ registered: 1, withPlan: 1 }, { online: true }),
    1,
    'a first good backup',
    'nobody',
  ],
  ['a new machine', sight({ registered: 1 }, { bare: ['m'] }), 1, 'the plan on a new machine', 'nobody'],
  [
    'a failed backup',
    sight({ registered: 1, withPlan: 1, failing: 1 }, { online: true }),
    1,
    'a backup that succeeds: the last one of 1 machine failed',
    'operator',
  ],
  [
    'a failed backup of a machine that is off',
    sight({ registered: 1, withPlan: 1, failing: 1 }, { offline: 1 }),
    1,
    'a machine that is online',
    'customer',
  ],
  [
    'one of two, and it is off',
    sight({ registered: 1, withPlan: 1, protected: 1 }),
    2,
    '1 machine more with the agent installed',
    'customer',
  ],
  [
    'a plan without backups',
    sight({ registered: 1 }, { online: true }),
    1,
    'a plan that backs up: a machine has one that does not',
    'operator',
  ],
  [
    'one of three',
    sight({ registered: 1, withPlan: 1, protected: 1 }, { online: true }),
    3,
    '2 machines more with the agent installed',
    'customer',
  ],
  ['all protected', sight({ registered: 2, withPlan: 2, protected: 2 }), 2, undefined, undefined],
])('what is missing: %s', (_words, seen, expected, what, whoMustAct) => {
  const missing = missingIn(seen, expected);
  expect(missing).toEqual(what === undefined ? undefined : { what, whoMustAct });
});

test('a good backup proves that the machine was online; fewer than expected do not protect the customer', () => {
  expect(reachedBy(sight({ registered: 1, withPlan: 1, protected: 1 }), 2)).toEqual(['agentOnline', 'planApplied']);
  expect(reachedBy(sight({ registered: 2, withPlan: 2, protected: 2 }, { activated: true }), 2)).toEqual([
    'activated',
    'agentOnline',
    'planApplied',
    'protected',
  ]);
});

test('milestones keep the time at which they were first seen, and what is missing the time since when it is', () => {
  const progress = new ProtectionProgress();
  progress.record(sight({ registered: 1 }, { online: true, bare: ['m'] }), 1, 1000);
  progress.record(sight({ registered: 1, withPlan: 1 }, { online: true }), 1, 2000);
  progress.record(sight({ registered: 1, withPlan: 1 }, { online: false }), 1, 3000);
  progress.record(sight({ registered: 1, withPlan: 1 }, { online: false, activated: true }), 1, 4000);
  const { milestones, missing } = progress.about(1);
  const at = (ms: number) => new Date(ms).toISOString();
  expect(milestones).toEqual({ agentOnline: at(1000), planApplied: at(2000), activated: at(4000) });
  expect(missing).toEqual({ what: 'a machine that is online', whoMustAct: 'customer', since: at(3000) });
});

test('a machine gets the plan once', () => {
  const progress = new ProtectionProgress();
  progress.record(sight({ registered: 2 }, { bare: ['a', 'b'] }), 1, 1000);
  progress.givePlanTo(progress.newMachines);
  progress.record(sight({ registered: 3 }, { bare: ['a', 'c'] }), 1, 2000);
  expect(progress.newMachines).toEqual(['c']);
});

test('a plan that was not applied is tried again; a list that shows it late accuses nobody', () => {
  const progress = new ProtectionProgress();
  progress.revision = PROTECTS_STEP_BY_STEP;
  progress.record(sight({ registered: 2 }, { bare: ['a', 'b'] }), 2, 1000);
  progress.givePlanTo(['a', 'b']);
  expect(progress.newMachines).toEqual(['a', 'b']);
  progress.hasGivenPlanTo(['a', 'b']);
  progress.record(sight({ registered: 2, withPlan: 1 }, { bare: ['a'] }), 2, 2000);
  expect(progress.newMachines).toEqual([]);
  expect(progress.about(2).missing?.what).toBe('the plan on a new machine');
  progress.record(sight({ registered: 2, withPlan: 1 }, { bare: ['b'] }), 2, 3000);
  expect(progress.about(2).missing?.what).toMatch(/revoked it from 1 machine/);
});

test('a token counts from when it was issued, and none is due while it is not needed', () => {
  const progress = new ProtectionProgress();
  progress.revision = PROTECTS_STEP_BY_STEP;
  progress.record(sight({}), 1, 0);
  const token = { secretRef: 'store:t', expiresAt: null };
  progress.hasToken(token, { id: 't1', seconds: 1000, now: 0 });
  progress.hasToken(token, { id: 't1', seconds: 1000, now: 800_000 });
  expect(progress.tokenDueAt(1)).toBe(900_000);
  progress.record(sight({ registered: 1 }), 1, 1000);
  expect(progress.tokenDueAt(1)).toBe(Infinity);
  progress.record(sight({}, { tenant: 'off' }), 1, 2000);
  expect(progress.tokenDueAt(1)).toBe(Infinity);
});

test('news that never ends fills no history in a year; the first ones are not held up', () => {
  const YEAR_MS = 365 * 24 * 3_600_000;
  const eventsOfNews = 20;
  let [events, age] = [0, 0];
  while (age < YEAR_MS) {
    age += 3 + pauseFor(events, age);
    events += eventsOfNews;
  }
  expect(events).toBeLessThan(40_000);
  expect(pauseFor(20 * eventsOfNews, 60_000)).toBe(0);
});

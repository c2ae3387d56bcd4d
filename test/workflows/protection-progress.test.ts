import { expect, test } from '@jest/globals';
import type { ProtectionSight } from '../../contract/protection.js';
import { missingIn, reachedBy } from '../../workflows/protect-customer/missing.js';
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
    sight({ registered: 1, withPlan: 1, failing: 1 }),
    1,
    'a backup that succeeds: the last one of 1 machine failed',
    'operator',
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

import { describe, expect, test } from '@jest/globals';
import type { CustomerStatus } from '../../../contract/customers.js';
import { calendarOf, type OpenOffboarding } from '../../../client/overview/calendar.js';
import { day, known, NOW, subscription, tenantState } from './known.js';

const within = (days: number, statuses: Partial<CustomerStatus>[], offboardings: OpenOffboarding[] = []) =>
  calendarOf({ customers: statuses.map(known), offboardings }, { now: NOW, until: Date.parse(day(days)) });

const pastDue = subscription({ state: 'past_due' });
const suspension = { what: 'suspend' as const, at: day(5), why: 'sub_1 is past due' };
const leaving = (grace: Partial<NonNullable<OpenOffboarding['status']['grace']>>, customer?: string) => ({
  status: {
    id: 'offboardCustomer:x',
    tenantId: 't-1',
    grace: { disabledAt: day(-20), restoring: { window: '', mayBringBack: [], doesNotBringBack: [] }, ...grace },
  },
  customer,
});

test('a suspension names what would stop it: the payment, and a person', () => {
  const [item] = within(7, [{ ref: 'C 1', cloud: 'eu', subscriptions: [pastDue], next: suspension }]);

  expect(item).toEqual({
    at: day(5),
    what: 'suspend',
    ref: 'C 1',
    cloud: 'eu',
    tenantId: 'tenant of C 1',
    why: 'sub_1 is past due',
    stops: [
      { what: 'shop says that sub_1 is paid' },
      {
        what: 'a person holds the customer',
        command: `tenantry customer hold 'C 1' --reason "…" --cloud eu`,
      },
    ],
  });
});

test('everything within the time is shown, soonest first, also what comes after the next thing', () => {
  const asks = { what: 'ask' as const, at: day(2), why: 'sub_1 is past due' };
  const items = within(7, [
    { ref: 'C-1', next: asks, later: [suspension, { ...suspension, at: day(8) }] },
    {
      ref: 'C-2',
      subscriptions: [subscription({ state: 'trialing', trialEnd: day(3), until: day(6) })],
      next: { what: 'trialEnd', at: day(3), why: 'the trial of sub_1 ends' },
      later: [{ what: 'end', at: day(6), why: 'sub_1 ends' }],
    },
    { ref: 'C-3', next: { what: 'notify', at: day(1), why: 'a reminder takes nothing away' } },
  ]);

  expect(items.map(({ ref, what, at }) => [ref, what, at])).toEqual([
    ['C-1', 'ask', day(2)],
    ['C-2', 'trialEnd', day(3)],
    ['C-1', 'suspend', day(5)],
    ['C-2', 'end', day(6)],
  ]);
});

test('the end of a trial that is over, or of a subscription that has ended, does not come again', () => {
  const subscriptions = [
    subscription({ state: 'active', trialEnd: day(3) }),
    subscription({ state: 'ended', until: day(3) }),
    subscription({ state: 'trialing', trialEnd: day(-1) }),
  ];

  expect(within(7, [{ subscriptions }])).toEqual([]);
});

describe('a suspension that does not come', () => {
  const halt = { actor: 'jane', reason: 'call first', since: day(-1) };

  test.each<[string, Partial<CustomerStatus>, string]>([
    ['of a customer that is only observed', { observed: true }, 'the customer is only observed'],
    ['that a person holds', { held: halt }, 'held by jane (not verified): call first'],
    [
      'of a customer that is paused',
      { paused: { ...halt, until: day(9) } },
      `paused by jane (not verified) until ${day(9)}: call first`,
    ],
  ])('%s says why', (_, status, stopped) => {
    expect(within(7, [{ next: suspension, ...status }])).toMatchObject([{ at: day(5), stopped }]);
  });

  test('although it is due says what it waits for', () => {
    const wouldDo = { operation: 'disableTenant', why: 'sub_1 is past due', input: {} };
    const due = { subscriptions: [pastDue], wouldDo };

    expect(within(7, [{ ...due, waitingFor: 'the brake' }])).toMatchObject([
      { at: day(0), what: 'suspend', why: 'sub_1 is past due', stopped: 'waits: the brake' },
    ]);
    expect(within(7, [{ ...due, held: halt }])).toMatchObject([
      { at: day(0), stopped: 'held by jane (not verified): call first' },
    ]);
  });

  test('before a hold ends comes then', () => {
    const wouldDo = { operation: 'disableTenant', why: 'sub_1 is past due', input: {} };
    const [item] = within(7, [{ wouldDo, held: { ...halt, until: day(4) } }]);

    expect(item).toMatchObject({ at: day(4), what: 'suspend' });
    expect(item).not.toHaveProperty('stopped');
  });
});

test('what enables or adds is no suspension', () => {
  expect(within(7, [{ wouldDo: { operation: 'enableTenant', why: 'paid', input: {} } }])).toEqual([]);
});

describe('a deletion', () => {
  test('is that of an offboarding, with what a person can type and whose it is', () => {
    const [item] = within(7, [{ ref: 'C-7' }], [leaving({ until: day(6) }, 'customer:C-7')]);

    expect(item).toMatchObject({ at: day(6), what: 'delete', ref: 'C-7', run: 'offboardCustomer:x', tenantId: 't-1' });
    expect(item?.stops[0]).toEqual({ what: 'something is sold to the customer again' });
    expect(item?.stops.flatMap(({ command }) => command ?? [])).toEqual([
      'tenantry hold offboardCustomer:x --reason "…"',
      'tenantry extend-grace offboardCustomer:x --by "10 days" --reason "…"',
      'tenantry restore offboardCustomer:x --reason "…"',
    ]);
  });

  test('that a person has started is not stopped by a sale', () => {
    const [item] = within(7, [], [leaving({ until: day(6) })]);

    expect(item?.stops.map(({ what }) => what)).not.toContain('something is sold to the customer again');
  });

  test('that is held or done does not come', () => {
    const items = within(7, [], [leaving({ heldSince: day(-1) }), leaving({ until: day(1), deletedAt: day(0) })]);

    expect(items).toEqual([]);
  });

  test('whose grace is over is due, and says what it waits for', () => {
    const next = 'it is deleted once customer:C-7 agrees, which asks its sources first';

    expect(within(7, [], [leaving({ until: day(-1), next })])).toMatchObject([{ at: day(0), stopped: next }]);
  });
});

test('a customer whose tenant nobody has yet is shown without one', () => {
  const {
    tenantId: _tenantId,
    applied: _applied,
    ...status
  } = known({
    wanted: tenantState(),
    next: suspension,
  }).status;
  const [item] = calendarOf(
    { customers: [{ id: 'customer:C-1', readAt: NOW, status }], offboardings: [] },
    { now: NOW, until: Date.parse(day(7)) },
  );

  expect(item).not.toHaveProperty('tenantId');
});

import { describe, expect, test } from '@jest/globals';
import type { FoundCustomer } from '../../../bench/events/found.js';
import type { State, Statement } from '../../../bench/events/statements.js';
import { seatsOfC1 } from '../../support/found-customer.js';
import { CustomersJudge } from './judge.js';
import { wantedAtLast } from './model.js';
import type { RulesName } from './offer.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const right = seatsOfC1;
const disabled = { ...right, enabled: false };

function statement(at: number, state: State): Statement {
  const subscription = { ref: 'S-1', state, items: [{ product: 'price_seats' as const, quantity: 5 }] };
  return { id: `evt-${at}`, source: 'own', ref: 'C-1', at, person: { name: 'One', email: right.email! }, subscription };
}

/** A judge who has heard each state at its hour, and then sees a tenant change, or go. */
function judged(rules: RulesName, states: State[], changes: (judge: CustomersJudge, hours: number) => void = () => {}) {
  const judge = new CustomersJudge(rules, ['C-1']);
  for (const [hour, state] of states.entries()) {
    judge.sending(statement(hour, state));
    judge.taken(statement(hour, state), hour * HOUR_MS);
  }
  judge.look(new Map([['C-1', [right]]]), 0);
  changes(judge, states.length);
  return {
    judge,
    see: (hour: number, ...tenants: FoundCustomer[]) => {
      judge.look(new Map(tenants.length > 0 ? [['C-1', tenants]] : []), hour * HOUR_MS);
      return [...judge.faults];
    },
  };
}

describe('a customer', () => {
  test('may be disabled when nobody pays, and soon after somebody has paid again', () => {
    expect(judged('at once', ['active', 'past_due']).see(99, disabled)).toEqual([]);
    expect(judged('at once', ['active', 'past_due', 'active']).see(5, disabled)).toEqual([]);
  });

  test('may not be disabled long after somebody has paid again', () => {
    expect(judged('at once', ['active', 'past_due', 'active']).see(99, disabled)).toEqual([
      'C-1: was disabled although a subscription is paid for',
    ]);
  });

  test('may be disabled late when something was away', () => {
    const { see } = judged('at once', ['active', 'past_due', 'active'], (judge) => judge.troubled(98 * HOUR_MS));
    expect(see(99, disabled)).toEqual([]);
  });

  test('may not be disabled while a person has stopped that', () => {
    const { see } = judged('at once', ['active', 'past_due'], (judge) => judge.stopped('C-1', 2 * HOUR_MS));
    expect(see(99, disabled)).toEqual(['C-1: was disabled after a person had stopped that']);
  });

  test('may be taken back before its administrator was invited', () => {
    const begun = { ...right, users: [] };
    const { judge, see } = judged('at once', ['active', 'past_due', 'active']);
    judge.look(new Map([['C-1', [begun]]]), HOUR_MS);
    expect(see(99)).toEqual([]);
  });

  test('may be deleted when the rules say so, after the grace', () => {
    const { see } = judged('after days', ['active', 'ended']);
    expect(see(10, disabled)).toEqual([]);
    expect(see(10 + 5 * 24)).toEqual([]);
  });

  test.each<[string, RulesName, State[], number]>([
    ['and nobody has agreed', 'at once', ['active', 'ended'], 1000],
    ['before its grace was over', 'after days', ['active', 'ended'], 50],
    ['although something is sold', 'after days', ['active', 'ended', 'past_due'], 1000],
  ])('may not be deleted %s', (why, rules, states, hour) => {
    const { see } = judged(rules, states);
    see(10, disabled);
    expect(see(hour)).toEqual([`C-1: was deleted ${why}`]);
  });

  test('may be deleted when a person has agreed, or has done it', () => {
    const agreed = judged('at once', ['active', 'ended'], (judge) => judge.agreedToEnd('C-1'));
    agreed.see(10, disabled);
    expect(agreed.see(10 + (30 * DAY_MS) / HOUR_MS)).toEqual([]);
    const byHand = judged('at once', ['active'], (judge) => judge.changedByHand('C-1', { kind: 'deleted' }));
    expect(byHand.see(10)).toEqual([]);
  });

  test('stays as a person has disabled it, until it is sold so that it is disabled, and sold again', () => {
    const { judge, see } = judged('at once', ['active'], (one) => one.changedByHand('C-1', { kind: 'disabled' }));

    judge.taken(statement(5, 'active'), 5 * HOUR_MS);
    expect(judge.atLast(new Map([['C-1', [right]]]))).toEqual(['C-1: is enabled']);
    judge.taken(statement(6, 'paused'), 6 * HOUR_MS);
    judge.taken(statement(7, 'active'), 7 * HOUR_MS);

    expect(see(99, right)).toEqual([]);
    for (const tenant of [right, disabled]) expect(judge.atLast(new Map([['C-1', [tenant]]]))).toEqual([]);
  });

  test('must be as it was sold at last', () => {
    const { judge } = judged('at once', ['active']);
    expect(judge.atLast(new Map([['C-1', [right]]]))).toEqual([]);
    expect(judge.atLast(new Map([['C-1', [disabled]]]))).toEqual(['C-1: is disabled']);
  });
});

test.each<[RulesName, State[], number[]]>([
  ['at once', ['past_due'], [0]],
  ['after days', ['past_due'], [0, 1]],
  ['at once', ['active', 'ended'], [0, 1]],
  ['after days', ['active', 'ended'], [0]],
  ['after days', ['active', 'ended', 'paused'], [0, 1]],
  ['after days', ['ended', 'active'], [1]],
])('by the rules "%s", of %j come %j tenants', (rules, states, tenants) => {
  const said = states.map((state, at) => statement(at, state));
  expect(wantedAtLast(said, { rules }).tenants).toEqual(tenants);
});

import { describe, expect, test } from '@jest/globals';
import type { FoundCustomer } from '../../bench/events/found.js';
import { Heard } from '../../bench/events/heard.js';
import { differences, faultsOnTheWay, type OnTheWay } from '../../bench/events/judge.js';
import { wantedOf, wantedWorld } from '../../bench/events/model.js';
import { planSoak } from '../../bench/events/plan.js';
import type { HandMadeChange, State, Statement } from '../../bench/events/statements.js';
import { seatsOfC1 } from '../support/found-customer.js';

const NOW = 1_780_000_000;
const email = 'own@c-1.example';
let said = 0;

function statement(
  at: number,
  state: State,
  sold: [product: 'price_seats' | 'price_disk' | 'price_vault', quantity?: number][] = [['price_seats', 5]],
  ref = 'S-1',
): Statement {
  said += 1;
  const items = sold.map(([product, quantity]) => ({ product, ...(quantity !== undefined && { quantity }) }));
  return {
    id: `evt-${said}`,
    source: 'own',
    ref: 'C-1',
    at,
    person: { name: 'One', email },
    subscription: { ref, state, items },
  };
}

describe('the model', () => {
  test('the last word by time counts, not the last of the list', () => {
    const newest = statement(2, 'active', [['price_seats', 7]]);

    expect(wantedOf([newest, statement(1, 'ended')])).toMatchObject({
      tenants: [1],
      enabled: true,
      items: { workstations: 7 },
    });
  });

  test('quantities of all subscriptions add up, and one unlimited makes an item unlimited', () => {
    const two = [
      statement(1, 'active', [
        ['price_seats', 2],
        ['price_disk', 1],
      ]),
      statement(1, 'past_due', [['price_seats', 3]], 'S-2'),
    ];

    expect(wantedOf(two).items).toEqual({ workstations: 5, storage: 10 * 2 ** 30 });
    expect(wantedOf([...two, statement(2, 'paused', [['price_vault']], 'S-3')]).items).toEqual({
      workstations: 5,
      storage: null,
    });
  });

  test('without a quantity the last one counts, else 1', () => {
    expect(
      wantedOf([statement(1, 'active', [['price_seats', 9]]), statement(2, 'active', [['price_seats']])]).items,
    ).toEqual({ workstations: 9 });
    expect(wantedOf([statement(1, 'active', [['price_seats']])]).items).toEqual({ workstations: 1 });
  });

  test.each<[State[], number[], boolean]>([
    [['past_due'], [0], false],
    [['active', 'paused'], [0, 1], false],
    [['ended', 'trialing'], [1], true],
  ])('of the states %j come %j tenants, enabled: %j', (states, tenants, enabled) => {
    expect(wantedOf(states.map((state, at) => statement(at, state)))).toMatchObject({ tenants, enabled });
  });
});

describe('the judge', () => {
  const wanted = wantedOf([statement(1, 'active', [['price_seats', 5], ['price_vault']])]);
  const right = { ...seatsOfC1, items: ['workstations', 'storage'] };

  test('is content with a customer as the model says', () => {
    expect(differences(wanted, [right])).toEqual([]);
  });

  test.each<[string, FoundCustomer[]]>([
    ['there are 0 of it', []],
    ['there are 2 of it', [right, right]],
    ['is disabled', [{ ...right, enabled: false }]],
    ['workstations is 4, not 5', [{ ...right, limits: { workstations: 4 } }]],
    ['workstations is unlimited, not 5', [{ ...right, limits: {} }]],
    ['storage is switched off, not unlimited', [{ ...right, items: ['workstations'] }]],
    ['servers is unlimited, not switched off', [{ ...right, items: [...right.items, 'servers'] }]],
    ['is called Two, not One', [{ ...right, name: 'Two' }]],
    ['has the e-mail x@y.example, not own@c-1.example', [{ ...right, email: 'x@y.example' }]],
    ['has no two-factor rule', [{ ...right, twoFactor: false }]],
    ['has the users []', [{ ...right, users: [] }]],
  ])('says: %s', (problem, tenants) => {
    expect(differences(wanted, tenants)).toEqual([problem]);
  });

  const about = (byHand?: HandMadeChange): OnTheWay => ({
    isPlanned: (ref) => ref === 'C-1',
    everGaveReasonToDisable: () => false,
    byHand: () => byHand,
  });
  const atOnce = (tenants: FoundCustomer[], byHand?: HandMadeChange, ref = 'C-1') =>
    faultsOnTheWay(new Map([[ref, tenants]]), about(byHand));

  test('finds no fault at any time with what may be', () => {
    const off = { ...right, enabled: false };
    expect(atOnce([right])).toEqual([]);
    expect(atOnce([off], { kind: 'disabled' })).toEqual([]);
    expect(faultsOnTheWay(new Map([['C-1', [off]]]), { ...about(), everGaveReasonToDisable: () => true })).toEqual([]);
  });

  test.each<[string, FoundCustomer[], HandMadeChange | undefined]>([
    ['there are 2 of it', [right, right], undefined],
    ['is disabled, although a subscription has always been paid for', [{ ...right, enabled: false }], undefined],
    ['has 2 users', [{ ...right, users: [...right.users, ...right.users] }], undefined],
    ['own@c-1.example got 3 mails', [{ ...right, users: [{ ...right.users[0]!, mails: 3 }] }], undefined],
    ['was enabled again after a person had disabled it', [right], { kind: 'disabled' }],
    ['is called One after a person had called it Won', [right], { kind: 'renamed', name: 'Won' }],
    ['has storage again, which a person had switched off', [right], { kind: 'itemRemoved', item: 'storage' }],
    ['is there again after a person had deleted it', [right], { kind: 'deleted' }],
  ])('says at any time: %s', (fault, tenants, byHand) => {
    expect(atOnce(tenants, byHand)).toEqual([`C-1: ${fault}`]);
  });

  test('says at any time that nobody ordered a customer', () => {
    expect(atOnce([right], undefined, 'C-2')).toEqual(['C-2: nobody ordered One']);
  });
});

describe('who gave a reason to disable', () => {
  function heard(...all: Statement[]): Heard {
    const one = new Heard();
    for (const each of all) {
      one.sending(each);
      one.taken(each);
    }
    return one;
  }

  test('nobody whose newest word is always that it pays, even if an older word comes late', () => {
    expect(heard(statement(2, 'active'), statement(1, 'past_due')).everGaveReasonToDisable('C-1')).toBe(false);
  });

  test('nobody who pays for another subscription', () => {
    expect(heard(statement(1, 'active'), statement(2, 'ended', [], 'S-2')).everGaveReasonToDisable('C-1')).toBe(false);
  });

  test('who stopped paying, even for a moment', () => {
    expect(
      heard(statement(1, 'active'), statement(2, 'past_due'), statement(3, 'active')).everGaveReasonToDisable('C-1'),
    ).toBe(true);
  });

  test('who may have stopped: the delivery is on its way', () => {
    const one = heard(statement(1, 'active'));
    one.sending(statement(2, 'paused'));
    expect(one.everGaveReasonToDisable('C-1')).toBe(true);
  });
});

describe('the plan', () => {
  const plan = planSoak({ customers: 200, seed: 3, now: NOW });

  test('is the same for the same seed, and another for another', () => {
    expect(planSoak({ customers: 200, seed: 3, now: NOW })).toEqual(plan);
    expect(planSoak({ customers: 200, seed: 4, now: NOW })).not.toEqual(plan);
  });

  test('has five deliveries for each customer, some of them repeated, in another order than they happened', () => {
    const later = plan.customers.flatMap(({ after }) => after);
    const ids = plan.deliveries.map(({ id }) => id);
    expect(plan.deliveries.length + later.length).toBe(1000);
    expect(new Set(ids).size).toBeLessThan(ids.length - 100);
    expect(ids).not.toEqual(ids.toSorted());
  });

  test('has customers with one to three subscriptions from both sources, and every change by hand', () => {
    const sold = plan.customers.map(
      ({ before }) => new Set(before.flatMap(({ subscription }) => subscription?.ref ?? [])).size,
    );
    expect(new Set(sold)).toEqual(new Set([1, 2, 3]));
    expect(new Set(plan.deliveries.map(({ source }) => source))).toEqual(new Set(['shop', 'own']));
    const byHand = plan.customers.flatMap(({ byHand }) => byHand?.kind ?? []);
    expect(new Set(byHand)).toEqual(new Set(['disabled', 'renamed', 'itemRemoved', 'deleted']));
    expect(plan.customers.some(({ ref, after }) => after.some((one) => one.ref !== ref))).toBe(true);
  });

  test('moves a subscription that turns up under another reference: it has ended for the first customer', () => {
    const from = plan.customers.find(({ ref, after }) => after.some((one) => one.ref !== ref))!;
    const [moved] = from.after;
    const to = plan.customers.find(({ ref }) => ref === moved!.ref)!;
    const others = from.before.filter(({ subscription }) => subscription?.ref !== moved!.subscription!.ref);
    const world = wantedWorld(plan.customers);

    expect(world.get(from.ref)!.items).toEqual(wantedOf(others).items);
    expect(world.get(to.ref)!.items).toEqual(
      wantedOf(
        [...to.before, ...to.after, ...from.before, moved!].filter(
          (one) => one.ref === to.ref || one.subscription?.ref === moved!.subscription!.ref,
        ),
      ).items,
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Child, RunStatus } from '../../../contract/children.js';
import type { IntendedOperation, MappedFact } from '../../../contract/customers.js';
import type { AppliedTenant, Situation } from '../../../workflows/customer/intention.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { isBeyondRestoring, whyStop } from '../../../workflows/customer/overtaken.js';
import { noProgress, situationOf, type Progress } from '../../../workflows/customer/progress.js';
import { lastingTroubles, wantedNow, type Trouble } from '../../../workflows/customer/troubles.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { DAY, day, fact, item, START } from './facts.js';

const tenant: AppliedTenant = {
  tenantId: 't1',
  exists: true,
  enabled: true,
  offeringItems: ['storage', 'workstations'],
  quotas: { workstations: { limit: 1 }, storage: { limit: '10 GiB' } },
  billingMode: 'trial',
  name: 'Customer, Inc',
  contact: { email: 'it@customer.example' },
};
const situation = (facts: MappedFact[], progress: Partial<Progress> = {}): Situation =>
  situationOf({ ref: 'C-1' }, { ...noProgress(), tenant, ...progress }, wantedAt(facts));
const wantedAt = (facts: MappedFact[]) => wantedOf(facts.reduce(merge, emptyLedger()), START + 80 * DAY);
const operationIn = (given: Situation) => {
  const intention = nextOperation(given);
  return intention.kind === 'operation' ? intention.operation : intention.kind;
};
const intendedIn = (given: Situation) => {
  const intention = nextOperation(given);
  if (intention.kind !== 'operation') throw new Error(`nothing is intended: ${intention.kind}`);
  const { kind: _kind, ...intended } = intention;
  return intended;
};
const stuckIn = (given: Situation): Situation => ({ ...given, stuck: [...(given.stuck ?? []), intendedIn(given)] });

const renamed = { customer: { ref: 'C-1', name: 'New', contact: { email: 'it@new.example' } } };
const lapsed = [fact(1), fact(2, { state: 'paused', ...renamed })];

describe('an operation that is stuck', () => {
  test('lets the customer be disabled', () => {
    const first = situation(lapsed);
    expect(operationIn(first)).toBe('updateContact');
    expect(operationIn(stuckIn(first))).toBe('disableTenant');
    expect(operationIn(stuckIn(stuckIn(first)))).toBe('updateContact');
  });

  test('lets no item go that it was to replace', () => {
    const swapped = situation([fact(1), fact(2, { sold: [item('strict', 3)] })]);
    expect(intendedIn(swapped)).toMatchObject({ operation: 'changeEntitlement', input: { offeringItems: ['nas'] } });
    expect(intendedIn(stuckIn(swapped))).toEqual(intendedIn(swapped));
  });

  test('holds all up when the tenant cannot be enabled', () => {
    const disabled = { tenant: { ...tenant, enabled: false } };
    const more = situation([fact(1), fact(2, { sold: [item('desktop', 9)] })], disabled);
    expect(operationIn(stuckIn(more))).toBe('enableTenant');
  });
});

describe('a trouble', () => {
  const troubleAt = (given: Situation, more: Partial<Trouble> = {}): Trouble => ({
    type: 'Undone',
    message: 'because',
    intended: intendedIn(given),
    wanted: wantedNow(given),
    ...more,
  });
  const left = (trouble: Trouble, given: Situation) => lastingTroubles({ troubles: [trouble] }, given).length;

  test('lasts until something else is wanted', () => {
    const before = situation([fact(1), fact(2, { state: 'paused' })]);
    const trouble = troubleAt(before);
    expect(left(trouble, before)).toBe(1);
    expect(left(trouble, situation([fact(1), fact(2, { state: 'paused', ...renamed })]))).toBe(0);
    expect(left(trouble, situation([fact(1)]))).toBe(0);
  });

  test('that a person has made by a drop lasts as long as the operation is wanted', () => {
    const before = situation([fact(1), fact(2, { state: 'paused' })]);
    const dropped = troubleAt(before, { isDropped: true });
    const other = situation([fact(1), fact(2, { state: 'paused', ...renamed })]);
    expect(operationIn(other)).toBe('updateContact');
    expect(left(dropped, other)).toBe(1);
    expect(left(dropped, situation([fact(1)]))).toBe(0);
  });
});

describe('a run of the customer', () => {
  const child = (status: object, own = true): Child => ({ own, status: status as RunStatus }) as Child;
  const current = (intended: IntendedOperation) => ({ id: 'run', intended });
  const offboard = { operation: 'offboardCustomer', why: 'because', input: { tenant: { id: 't1' } } };
  const disable = { operation: 'disableTenant', why: 'because', input: { tenant: { id: 't1' } } };
  const stops = (status: object, intended: IntendedOperation, given: Situation, { isHeld = false, own = true } = {}) =>
    whyStop(child(status, own), current(intended), { situation: given, isHeld }) !== undefined;
  const during = (intended: IntendedOperation, facts: MappedFact[]) =>
    situation(facts, { current: current(intended), tenant });

  const ended = [fact(1), fact(2, { state: 'ended', sold: [] })];
  const again = [...ended, fact(70, { state: 'active', sold: [item('desktop', 1)] })];
  const unknown = [...ended, fact(70, { state: 'active', sold: [{ product: 'x' }] })];
  const fallen = [...ended, fact(70, { state: 'active', ref: 's2', sold: [item('desktop', 1)] })];

  test.each([
    ['the same is sold', again],
    ['a product is sold that no plan names', unknown],
    ['far less is sold', fallen],
  ])('that ends the customer is stopped when %s again', (_what, facts) => {
    expect(stops({ state: 'running' }, offboard, during(offboard, facts))).toBe(true);
    expect(operationIn(during(offboard, facts))).toBe('enableTenant');
  });

  test('that ends the customer goes on while nothing is sold', () => {
    const end = intendedIn(situation(ended, { agreed: { offboard: JSON.stringify(['t1', day(2)]) } }));
    const now = situation(ended, { agreed: { offboard: JSON.stringify(['t1', day(2)]) }, current: current(end) });
    expect(stops({ state: 'running' }, end, now)).toBe(false);
  });

  test('is stopped when the customer pays while the run waits for its turn or is blocked', () => {
    const paid = during(disable, [fact(1)]);
    expect(stops({ state: 'running', waitsFor: 'other' }, disable, paid)).toBe(true);
    expect(stops({ state: 'blocked', blocked: {} }, disable, paid)).toBe(true);
    expect(stops({ state: 'running' }, disable, paid)).toBe(false);
    expect(stops({ state: 'blocked', blocked: {} }, disable, paid, { own: false })).toBe(false);
  });

  test('that takes something away and waits for its turn is stopped by a hold', () => {
    const unpaid = during(disable, [fact(1), fact(2, { state: 'paused' })]);
    const queued = { state: 'running', waitsFor: 'other' };
    expect([false, true].map((isHeld) => stops(queued, disable, unpaid, { isHeld }))).toEqual([false, true]);
  });

  test('is not stopped because a person must decide something else', () => {
    const more = { operation: 'changeEntitlement', why: 'because', input: {} };
    const asked = during(more, [fact(1), fact(2, { sold: [item('desktop', 2), { product: 'x' }] })]);
    expect(stops({ state: 'blocked', blocked: {} }, more, asked)).toBe(false);
  });

  test('that restores is given up only when the cloud no longer restores the tenant', () => {
    const restore = current({ operation: 'restoreCustomer', why: 'because', input: {} });
    const blocked = (step: string, type: string) =>
      isBeyondRestoring(child({ state: 'blocked', blocked: { step, type } }), restore);
    expect(blocked('restoreDeletedTenant', 'Acronis.Rejected')).toBe(true);
    expect(blocked('restoreDeletedTenant', 'Acronis.Forbidden')).toBe(false);
    expect(blocked('checkAbove', 'Acronis.Rejected')).toBe(false);
  });
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { MappedFact, TenantState } from '../../../contract/customers.js';
import { catalogue } from '../../../catalogue/index.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { appliedAfter } from '../../../workflows/customer/applied.js';
import { comparable } from '../../../workflows/customer/entitlement.js';
import { fall, noFalls } from '../../../workflows/customer/falls.js';
import type { AppliedTenant, Intention } from '../../../workflows/customer/intention.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { anyFacts, DAY, day, fact, item, START } from './facts.js';

const TENANT = '7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69';
const wantedAt = (days: number, facts: MappedFact[]) =>
  wantedOf(facts.reduce(merge, emptyLedger()), START + days * DAY);
const next = (days: number, facts: MappedFact[], applied?: AppliedTenant) =>
  nextOperation({ ref: 'C-1', wanted: wantedAt(days, facts), ...(applied && { applied }) });

/** Carries out one operation after another until none is left; the names of all. */
function converge(days: number, facts: MappedFact[], before?: AppliedTenant, { agrees = false } = {}) {
  const wanted = wantedAt(days, facts);
  const operations: string[] = [];
  let applied = before;
  for (;;) {
    const agreed = agrees && applied ? yesToAllFalls(applied, wanted.tenant) : {};
    const intention = nextOperation({ ref: 'C-1', wanted, ...(applied && { applied }), agreed, falls: noFalls() });
    if (intention.kind !== 'operation') return { applied, operations, intention };
    operations.push(intention.operation);
    if (operations.length > 10) throw new Error(`It never ends: ${operations.join(', ')}`);
    applied = appliedAfter(applied, intention, TENANT);
  }
}

function yesToAllFalls(applied: TenantState, { quotas }: TenantState): Record<string, string> {
  return Object.fromEntries([
    ...Object.entries(quotas).map(([item, quota]) => [`quotas.${item}`, fall(applied.quotas[item], quota)]),
    ...applied.offeringItems.map((item) => [`offeringItems.${item}`, fall(applied.quotas[item], undefined)]),
  ]);
}

const AGREES = { agrees: true };
const settled = (facts: MappedFact[]) => converge(50, facts).applied!;
const kindOf = (intention: Intention) => (intention.kind === 'operation' ? intention.operation : intention.kind);

describe('the next operation', () => {
  test('leads to what is wanted, whatever was sold before, and ends there', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (before, after) => {
        const first = converge(40, before);
        const { applied, intention } = converge(80, [...before, ...after], first.applied, AGREES);
        const wanted = wantedAt(80, [...before, ...after]);
        if (intention.kind !== 'nothing' || applied === undefined || !wanted.tenant.exists) return;
        const {
          tenantId: _tenantId,
          edition,
          billingMode,
          name,
          language: _language,
          contact: _contact,
          identity: _identity,
          ...is
        } = comparable(applied, wanted.tenant);
        expect(is).toEqual({
          exists: true,
          enabled: wanted.tenant.enabled,
          offeringItems: wanted.tenant.offeringItems,
          quotas: wanted.tenant.quotas,
        });
        expect(name).toBe(wanted.tenant.name ?? first.applied?.name);
        if (wanted.tenant.edition !== undefined) expect(edition).toBe(wanted.tenant.edition);
        if (wanted.tenant.billingMode === 'production') expect(billingMode).toBe('production');
      }),
      { numRuns: 500 },
    );
  });

  test('touches no field whose wanted value is as it was', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (before, after) => {
        const first = wantedAt(40, before);
        const { applied } = converge(40, before, undefined, AGREES);
        if (applied === undefined) return;
        const second = wantedAt(80, [...before, ...after]);
        if (!second.tenant.exists) return;
        const { operations } = converge(80, [...before, ...after], applied, AGREES);
        const isAsBefore = (...fields: (keyof TenantState)[]) =>
          fields.every((field) => JSON.stringify(first.tenant[field]) === JSON.stringify(second.tenant[field]));
        if (first.open.length > 0) return;
        if (isAsBefore('enabled')) expect(operations).not.toContain('disableTenant');
        if (isAsBefore('offeringItems', 'quotas')) expect(operations).not.toContain('changeEntitlement');
        if (isAsBefore('name', 'language', 'contact')) expect(operations).not.toContain('updateContact');
        if (isAsBefore('edition')) expect(operations).not.toContain('switchEdition');
        if (isAsBefore('billingMode')) expect(operations).not.toContain('switchToProduction');
      }),
      { numRuns: 500 },
    );
  });

  test('names no item and no quota that is as it was applied', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (before, after) => {
        const { applied } = converge(40, before, undefined, AGREES);
        const wanted = wantedAt(80, [...before, ...after]);
        if (applied === undefined) return;
        const intention = nextOperation({ ref: 'C-1', wanted, applied, agreed: yesToAllFalls(applied, wanted.tenant) });
        if (intention.kind !== 'operation' || intention.operation !== 'changeEntitlement') return;
        const {
          offeringItems = [],
          quotas = {},
          remove = [],
        } = intention.input as Partial<TenantState & { remove: string[] }>;
        const isAsApplied = (item: string) => JSON.stringify(quotas[item]) === JSON.stringify(applied.quotas[item]);
        const has = (item: string) => applied.offeringItems.includes(item);
        expect(Object.keys(quotas).filter((item) => isAsApplied(item) && has(item))).toEqual([]);
        expect(offeringItems.filter((item) => isAsApplied(item) && has(item))).toEqual([]);
        expect(remove.filter((item) => !has(item))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('never disables while a subscription is active, and creates nothing that would be disabled at once', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (before, after) => {
        const { applied } = converge(40, before);
        const wanted = wantedAt(80, [...before, ...after]);
        const intention = nextOperation({ ref: 'C-1', wanted, ...(applied && { applied }) });
        if (kindOf(intention) === 'disableTenant') expect(wanted.tenant.enabled).toBe(false);
        if (kindOf(intention) === 'provisionCustomer')
          expect(wanted.tenant).toMatchObject({ exists: true, enabled: true });
      }),
      { numRuns: 500 },
    );
  });

  test('goes in this order: enable, more, contact, edition, less, disable', () => {
    const before = settled([
      fact(1, { sold: [item('desktop', 9), item('gigabyte', 1)] }),
      fact(2, { ref: 's2', sold: [item('strict', 20)] }),
    ]);
    const after = [
      fact(3, { sold: [item('desktop', 30), { ...item('workload', 1) }], customer: { ref: 'C-1', name: 'New' } }),
    ];
    const { operations } = converge(50, after, { ...before, enabled: false }, AGREES);
    expect(operations).toEqual([
      'enableTenant',
      'changeEntitlement',
      'updateContact',
      'switchEdition',
      'changeEntitlement',
    ]);
    expect(converge(50, [fact(40, { state: 'paused' })], before, AGREES).operations.at(-1)).toBe('disableTenant');
  });

  test('of a new customer is an order that the operation accepts', () => {
    const intention = next(2, [fact(1, { sold: [item('desktop', 25)] })]);
    expect(intention).toMatchObject({ kind: 'operation', operation: 'provisionCustomer' });
    const { input } = intention as Extract<Intention, { kind: 'operation' }>;
    expect(catalogue.provisionCustomer!.read(input)).toMatchObject({
      ok: true,
      order: {
        externalRef: 'C-1',
        customer: { name: 'Customer, Inc', customerId: 'C-1' },
        administrator: { login: 'it@customer.example', email: 'it@customer.example' },
        quotas: { workstations: { limit: 25 }, storage: { limit: '250 GiB' } },
      },
    });
  });

  test('waits for name and e-mail, and says which is missing', () => {
    const customer = (fields: object) => [fact(1, { customer: { ref: 'C-1', ...fields } })];
    const waitingFor = (fields: object) => (next(2, customer(fields)) as { waitingFor?: string }).waitingFor;
    expect(waitingFor({})).toBe('name and e-mail of the customer');
    expect(waitingFor({ contact: { email: 'a@b.example' } })).toBe('name of the customer');
    expect(waitingFor({ name: 'A' })).toBe('e-mail of the customer');
  });

  test('is nothing for a customer of whom nothing is sold, or whose subscriptions are all paused', () => {
    expect(next(2, [fact(1, { state: 'ended' })])).toEqual({ kind: 'nothing' });
    expect(next(2, [fact(1, { state: 'paused' })])).toEqual({ kind: 'nothing' });
    expect(next(2, [])).toEqual({ kind: 'nothing' });
  });

  test('a fall by more than half, or to 0, or from unlimited, asks; any other does not', () => {
    const applied = settled([fact(1, { sold: [item('desktop', 10)] })]);
    const to = (quantity: number) =>
      kindOf(
        next(50, [fact(1, { sold: [item('desktop', 10)] }), fact(2, { sold: [item('desktop', quantity)] })], applied),
      );
    expect([9, 5, 4, 0].map(to)).toEqual(['changeEntitlement', 'changeEntitlement', 'asks', 'asks']);
    const { storage: _storage, ...quotas } = applied.quotas;
    expect(kindOf(next(50, [fact(1, { sold: [item('desktop', 10)] })], { ...applied, quotas }))).toBe('asks');
  });

  test('a yes to a fall counts for that fall only', () => {
    const before = [fact(1, { sold: [item('desktop', 100)] })];
    const applied = settled(before);
    const to = (quantity: number, agreed: object) => {
      const wanted = wantedAt(50, [...before, fact(2, { sold: [item('desktop', quantity)] })]);
      return kindOf(nextOperation({ ref: 'C-1', wanted, applied, agreed: { ...agreed } }));
    };
    const yes = yesToAllFalls(applied, wantedAt(50, [...before, fact(2, { sold: [item('desktop', 10)] })]).tenant);
    expect([to(10, {}), to(10, yes), to(5, yes)]).toEqual(['asks', 'changeEntitlement', 'asks']);
    const raised = { ...applied, quotas: { workstations: { limit: 1000 }, storage: { limit: '10000 GiB' } } };
    const wanted = wantedAt(50, [...before, fact(2, { sold: [item('desktop', 10)] })]);
    expect(kindOf(nextOperation({ ref: 'C-1', wanted, applied: raised, agreed: yes }))).toBe('asks');
  });

  test('what needs a person stops all but enabling', () => {
    const applied = settled([fact(1)]);
    const unknown = [fact(1, { sold: [item('desktop', 5), { product: 'x' }] })];
    expect(next(50, unknown, applied)).toMatchObject({ kind: 'asks', open: [{ field: 'shop s1' }] });
    expect(kindOf(next(50, unknown, { ...applied, enabled: false }))).toBe('enableTenant');
    expect(kindOf(next(50, [fact(1, { state: 'paused', sold: [{ product: 'x' }] })], applied))).toBe('asks');
  });

  test('after the last subscription has ended disables once its days are over, and changes nothing else', () => {
    const applied = settled([fact(1)]);
    const ended = [fact(1), fact(60, { state: 'ended', sold: [] })];
    expect(next(66, ended, applied)).toEqual({ kind: 'nothing' });
    expect(kindOf(next(67, ended, applied))).toBe('disableTenant');
    expect(kindOf(next(68, ended, { ...applied, enabled: false }))).toBe('nothing');
  });

  test('a quota of 0 is set as 0, and an item that is sold without a quota is unlimited', () => {
    const applied = settled([fact(1, { sold: [item('desktop', 5)] })]);
    const none = next(50, [fact(1, { sold: [item('desktop', 0)] })]);
    expect(none).toMatchObject({ input: { quotas: { workstations: { limit: 0 }, storage: { limit: '0 B' } } } });
    const unlimited = next(50, [fact(1, { sold: [item('desktop', 5), item('roomy', 1)] })], applied);
    expect(unlimited).toMatchObject({
      operation: 'changeEntitlement',
      input: { tenant: { id: TENANT }, offeringItems: ['storage'] },
    });
  });

  test('a trial that has become production never goes back', () => {
    const applied: AppliedTenant = { ...settled([fact(1)]), billingMode: 'production' };
    expect(next(50, [fact(1)], applied)).toEqual({ kind: 'nothing' });
    expect(day(0)).toBe('2026-01-01T00:00:00.000Z');
  });
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { RunStatus } from '../../../contract/children.js';
import type { MappedFact } from '../../../contract/customers.js';
import { fall, noFalls } from '../../../workflows/customer/falls.js';
import type { AppliedTenant, Intention } from '../../../workflows/customer/intention.js';
import { pruneProgress } from '../../../workflows/customer/prune-progress.js';
import { emptyLedger, merge } from '../../../workflows/customer/ledger.js';
import { nextOperation } from '../../../workflows/customer/next-operation.js';
import { afterCompletion } from '../../../workflows/customer/outcome.js';
import { noProgress, situationOf, withoutPast, type Progress } from '../../../workflows/customer/progress.js';
import { wantedOf } from '../../../workflows/customer/wanted.js';
import { DAY, fact, item, START, terms } from './facts.js';

const tenant: AppliedTenant = {
  tenantId: 't1',
  exists: true,
  enabled: true,
  offeringItems: ['workstations'],
  quotas: { workstations: { limit: 100 } },
  billingMode: 'trial',
  name: 'Customer, Inc',
  contact: { email: 'it@customer.example' },
};
const seats = { ...terms['desktop']!, name: 'seats', offeringItems: ['workstations'] };
const perSeat = { workstations: { perUnit: { value: 1, unit: 'pieces' } } } as (typeof seats)['quotas'];
const seat = (quantity: number) => ({ product: 'p-seats', plan: { ...seats, quotas: perSeat }, quantity });
const sold = (days: number, quantity: number) => fact(days, { sold: [seat(quantity)] });

/** A customer with a tenant, as time passes and facts come. A yes is to what is asked. */
class Life {
  progress: Progress = { ...noProgress(), acts: true, tenant, falls: noFalls() };
  asks: string[] = [];
  private facts: MappedFact[] = [];
  private days = 0;

  constructor(progress: Partial<Progress> = {}) {
    this.progress = { ...this.progress, ...progress };
  }

  hear(...facts: MappedFact[]): this {
    this.facts.push(...facts);
    return this;
  }

  /** Does what can be done on that day. `notDone`: what the use of the tenant does not allow. */
  at(days: number, { agrees = false, notDone = [] as object[] } = {}): this {
    this.days = days;
    const now = START + days * DAY;
    for (let turns = 0; turns < 5; turns += 1) {
      this.progress = withoutPast(this.progress, now);
      this.progress = pruneProgress(this.progress, this.situation);
      const intention = this.intention;
      if (intention.kind === 'asks' && agrees) this.agree(intention.open.map(({ field }) => field));
      else if (intention.kind === 'operation') this.complete(intention, { now, notDone });
    }
    const last = this.intention;
    this.asks = last.kind === 'asks' ? last.open.map(({ field }) => field) : [];
    return this;
  }

  get limit() {
    return this.progress.tenant?.quotas['workstations']?.limit as number;
  }

  get intention(): Intention {
    return nextOperation(this.situation);
  }

  private get situation() {
    const wanted = wantedOf(this.facts.reduce(merge, emptyLedger()), START + this.days * DAY);
    return situationOf({ ref: 'C-1' }, this.progress, wanted);
  }

  private agree(fields: string[]): void {
    const { applied, wanted } = this.situation;
    const yes = fields.map((field) => {
      const [, name = ''] = field.split('.');
      return [field, fall(applied!.quotas[name], wanted.tenant.quotas[name])];
    });
    this.progress = { ...this.progress, agreed: Object.fromEntries(yes) };
  }

  private complete(
    intended: Extract<Intention, { kind: 'operation' }>,
    { now, notDone }: { now: number; notDone: object[] },
  ) {
    const status = { state: 'completed', tenantId: 't1', notDone } as unknown as Extract<
      RunStatus,
      { state: 'completed' }
    >;
    this.progress = afterCompletion(this.progress, { current: { id: 'run', intended }, status, now });
  }
}

const WORKSTATIONS = ['quotas.workstations'];
const steps = fc.array(
  fc.record({ days: fc.double({ min: 0.01, max: 5, noNaN: true }), quantity: fc.integer({ min: 0, max: 120 }) }),
  { maxLength: 25 },
);

/** Lets a customer hear one quantity after another; what it had, and when. */
function live(all: { days: number; quantity: number }[], { agrees }: { agrees: boolean }) {
  const life = new Life();
  let days = 1;
  const had = [{ days, limit: life.limit }];
  for (const step of all) {
    days += step.days;
    life.hear(sold(days, step.quantity)).at(days, { agrees });
    had.push({ days, limit: life.limit });
  }
  return { life, had };
}

describe('many small falls', () => {
  test('without a yes never come to less than half of what an item had in the last seven days', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { had } = live(all, { agrees: false });
        for (const [at, { days, limit }] of had.entries())
          for (const [before, former] of had.slice(0, at).entries())
            if (had[before + 1]!.days > days - 7) expect(limit).toBeGreaterThanOrEqual(former.limit / 2);
      }),
      { numRuns: 200 },
    );
  });

  test('with a yes to each question come to what is sold, and little is remembered', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { life, had } = live(all, { agrees: true });
        expect(had.at(-1)!.limit).toBe(all.at(-1)?.quantity ?? 100);
        expect(life.progress.falls!.former['workstations']?.length ?? 0).toBeLessThanOrEqual(10);
      }),
    );
  });

  test('ask once they are steep together; over a longer time they do not', () => {
    const life = new Life().hear(sold(1, 60)).at(1);
    expect({ limit: life.limit, asks: life.asks }).toEqual({ limit: 60, asks: [] });
    expect(life.hear(sold(2, 35)).at(2).asks).toEqual(WORKSTATIONS);
    expect(life.intention).toMatchObject({
      open: [
        { why: 'it falls from 60 to 35, and was 100 until 2026-01-02T00:00:00.000Z: that is more than half together' },
      ],
    });
    expect(new Life().hear(sold(1, 60)).at(1).hear(sold(9, 35)).at(9).limit).toBe(35);
  });

  test('are asked about until somebody says yes, although the higher quota was long ago by then', () => {
    const life = new Life().hear(sold(1, 60)).at(1).hear(sold(2, 35)).at(2);
    expect(life.at(5).at(30).asks).toEqual(WORKSTATIONS);
    expect(life.at(31, { agrees: true }).limit).toBe(35);
    expect(new Life().hear(sold(1, 60)).at(1).hear(sold(2, 35)).at(2).hear(sold(3, 55)).at(3).limit).toBe(55);
  });

  test('begin again with the yes of a person', () => {
    const life = new Life().hear(sold(1, 60)).at(1).hear(sold(2, 35)).at(2, { agrees: true });
    expect(life.hear(sold(3, 20)).at(3).limit).toBe(20);
    expect(life.hear(sold(4, 15)).at(4).asks).toEqual(WORKSTATIONS);
  });

  test('begin again with a yes also where the use allows the fall only days later', () => {
    const notDone = [{ field: 'quotas.workstations', why: 'in use' }];
    const life = new Life().hear(sold(1, 40)).at(1, { agrees: true, notDone });
    expect(life.limit).toBe(100);
    expect(life.at(9).limit).toBe(40);
    expect(life.hear(sold(10, 20)).at(10).limit).toBe(20);
  });
});

describe('an item that is no longer sold', () => {
  const servers = ['servers', 'workstations'];
  const withServers = (quota?: number): AppliedTenant => ({
    ...tenant,
    offeringItems: servers,
    quotas: { ...tenant.quotas, ...(quota !== undefined && { servers: { limit: quota } }) },
  });
  const without = (quota?: number, more: Partial<Progress> = {}) =>
    new Life({ tenant: withServers(quota), ...more }).hear(sold(1, 100));

  test.each([5, undefined])('is asked about (quota: %s), and goes with a yes', (quota) => {
    const life = without(quota).at(1);
    expect(life.asks).toEqual(['offeringItems.servers']);
    expect(life.progress.tenant!.offeringItems).toEqual(servers);
    expect(life.at(2, { agrees: true }).progress.tenant!.offeringItems).toEqual(['workstations']);
  });

  test('goes without a question if its quota was 0, the rule is "apply", or the customer is of an older release', () => {
    const { falls: _falls, ...old } = new Life({ tenant: withServers(5) }).progress;
    const apply = { ...seat(100), plan: { ...seat(100).plan, rules: { ...seats.rules, steepFall: 'apply' as const } } };
    const careless = new Life({ tenant: withServers(5) }).hear(fact(1, { sold: [apply] }));
    const older = new Life().hear(sold(1, 100));
    older.progress = old;
    for (const life of [without(0), careless, older])
      expect(life.intention).toMatchObject({ input: { remove: ['servers'] } });
  });

  test('is asked about once, also while it is in use and tried again every day', () => {
    const notDone = [{ field: 'offeringItems.servers', why: 'in use' }];
    const life = without(5).at(1, { agrees: true, notDone });
    expect(life.progress.tenant!.offeringItems).toEqual(servers);
    expect(life.at(1.5).asks).toEqual([]);
    expect(life.at(2.5).progress.tenant!.offeringItems).toEqual(['workstations']);
  });

  test('goes without a question when its subscription has just ended, and with one when that was long ago', () => {
    const given = { ref: 's2', sold: [item('server', 1)] };
    const ended = [fact(1, given), fact(30, { ...given, state: 'ended', sold: [] })];
    expect(
      without(5)
        .hear(...ended)
        .at(30).asks,
    ).toEqual([]);
    expect(
      without(5)
        .hear(...ended)
        .at(38).asks,
    ).toEqual(['offeringItems.servers']);
  });

  test('is not asked about when nothing is sold any more', () => {
    const life = new Life({ tenant: withServers(5) }).hear(sold(1, 100)).hear(fact(30, { state: 'ended', sold: [] }));
    expect(life.at(31).asks).toEqual([]);
    expect(life.at(40).progress.tenant).toMatchObject({ enabled: false, offeringItems: servers });
  });
});

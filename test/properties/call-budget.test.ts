import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, double, integer, oneof, property, record } from 'fast-check';
import { LEASE_MS, type LeaseAsk } from '../../contract/call-budget.js';
import { divide } from '../../workflows/call-budget/divide.js';
import { ask, emptyMemory, heldBy, leaseOf, statusOf, withoutLapsed } from '../../workflows/call-budget/ledger.js';

const amount = oneof(constantFrom(0), double({ min: 0.01, max: 2000, noNaN: true }));
const demands = array(record({ urgent: amount, bulk: amount }), { minLength: 1, maxLength: 20 });
const budgets = double({ min: 0.1, max: 1000, noNaN: true });
const ROUNDING = 1e-6;

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe('a division', () => {
  test('never gives more than the budget, gives something to everybody who asks, and nothing to others', () => {
    assert(
      property(budgets, demands, (budget, all) => {
        const shares = divide(budget, all);
        expect(sum(shares)).toBeLessThanOrEqual(budget * (1 + ROUNDING));
        all.forEach(({ urgent, bulk }, at) => {
          if (urgent + bulk > 0) expect(shares[at]).toBeGreaterThan(0);
          else expect(shares[at]).toBe(0);
        });
      }),
    );
  });

  test('leaves nothing over while somebody lacks something', () => {
    assert(
      property(budgets, demands, (budget, all) => {
        const wanted = sum(all.map(({ urgent, bulk }) => urgent + bulk));
        expect(sum(divide(budget, all))).toBeGreaterThanOrEqual(Math.min(budget, wanted) * (1 - ROUNDING));
      }),
    );
  });

  test('urgent calls of one worker go before bulk calls of another, which keeps a tenth', () => {
    const [urgent, bulk] = divide(10, [
      { urgent: 100, bulk: 0 },
      { urgent: 0, bulk: 100 },
    ]);

    expect(urgent).toBeCloseTo(9);
    expect(bulk).toBeCloseTo(1);
  });

  test('a few urgent calls do not move the shares of workers that are all busy', () => {
    const busy = { urgent: 0, bulk: 100 };
    expect(divide(10, [busy, { urgent: 3, bulk: 100 }]).map((share) => share.toFixed(3))).toEqual(['5.000', '5.000']);
  });

  test('who needs little gets it, and the others share the rest equally', () => {
    const shares = divide(10, [
      { urgent: 0, bulk: 100 },
      { urgent: 0, bulk: 2 },
      { urgent: 0, bulk: 100 },
    ]);

    expect(shares.map((share) => share.toFixed(2))).toEqual(['4.00', '2.00', '4.00']);
  });

  test('a worker alone gets more than it asks for, and a quarter is left for the next one', () => {
    expect(divide(10, [{ urgent: 1, bulk: 0 }])).toEqual([7.5]);
  });
});

const START = 1_700_000_000_000;
const workers = ['a', 'b', 'c'] as const;
/** What happens next: time passes, and a worker asks; its ask may be lost, and so may the answer. */
const happenings = array(
  record({
    worker: constantFrom(...workers),
    afterMs: integer({ min: 0, max: 6000 }),
    urgent: amount,
    bulk: amount,
    fate: constantFrom('well', 'well', 'well', 'answer lost', 'late'),
  }),
  { minLength: 1, maxLength: 80 },
);

describe('leases', () => {
  test('what all workers may use at a time never exceeds the budget, whatever is lost', () => {
    assert(
      property(budgets, happenings, (budget, all) => {
        let [memory, now] = [emptyMemory(), START];
        const used = new Map<string, { rate: number; until: number; nth: number }>();
        const asks = new Map<string, number>();
        for (const { worker, afterMs, urgent, bulk, fate } of all) {
          now += afterMs;
          const sentAt = fate === 'late' ? now - Math.min(afterMs, 2000) : now;
          const nth = (asks.get(worker) ?? 0) + 1;
          asks.set(worker, nth);
          if (urgent + bulk === 0) used.delete(worker);
          const uses = used.get(worker)?.nth ?? 0;
          memory = ask(memory, { worker, callsPerSecond: budget, urgent, bulk, nth, uses }, now);
          const lease = leaseOf(memory, worker);
          if (lease !== null && fate !== 'answer lost')
            used.set(worker, { rate: lease.callsPerSecond, until: sentAt + LEASE_MS, nth: lease.nth });
          const live = [...used.values()].filter(({ until }) => until > now);
          expect(sum(live.map(({ rate }) => rate))).toBeLessThanOrEqual(budget * (1 + ROUNDING));
        }
      }),
    );
  });

  const question = (worker: string, nth: number, more: Partial<LeaseAsk> = {}): LeaseAsk => {
    return { worker, callsPerSecond: 10, urgent: 0, bulk: 100, nth, uses: nth - 1, ...more };
  };

  test('a worker that asks later gets its share once the first one has heard of its smaller share', () => {
    let memory = ask(emptyMemory(), question('a', 1), START);
    expect(leaseOf(memory, 'a')).toMatchObject({ callsPerSecond: 10 });

    memory = ask(memory, question('b', 1), START + 1000);
    expect(leaseOf(memory, 'b')).toEqual({ nth: 1, callsPerSecond: 0, share: 5 });
    memory = ask(memory, question('a', 2), START + 4000);
    memory = ask(memory, question('b', 2), START + 4100);
    expect(leaseOf(memory, 'b')).toMatchObject({ callsPerSecond: 0 });
    memory = ask(memory, question('a', 3), START + 4200);
    memory = ask(memory, question('b', 3), START + 5000);

    expect(leaseOf(memory, 'a')).toMatchObject({ callsPerSecond: 5 });
    expect(leaseOf(memory, 'b')).toMatchObject({ callsPerSecond: 5, share: 5 });
  });

  test('the lease of a dead worker lapses, and the others get it', () => {
    let memory = ask(emptyMemory(), question('a', 1), START);
    memory = ask(memory, question('b', 1), START + LEASE_MS - 1);
    expect(leaseOf(memory, 'b')?.callsPerSecond).toBe(0);

    memory = ask(memory, question('b', 2), START + LEASE_MS);

    expect(leaseOf(memory, 'b')?.callsPerSecond).toBe(10);
    expect(statusOf('eu', memory, START + LEASE_MS).workers.map(({ worker }) => worker)).toEqual(['b']);
  });

  test('what is given back is free at once', () => {
    let memory = ask(emptyMemory(), question('a', 1), START);
    memory = ask(memory, question('a', 2, { urgent: 0, bulk: 0 }), START + 1);
    memory = ask(memory, question('b', 1), START + 2);

    expect(leaseOf(memory, 'a')).toBeNull();
    expect(leaseOf(memory, 'b')?.callsPerSecond).toBe(10);
  });

  test('an ask that comes twice, or late, changes nothing', () => {
    const memory = ask(emptyMemory(), question('a', 2), START);

    expect(ask(memory, question('a', 2), START + 100)).toEqual(memory);
    expect(ask(memory, question('a', 1, { bulk: 0 }), START + 100)).toEqual(memory);
  });

  test('if workers have different budgets, the smallest counts until its worker has gone', () => {
    let memory = ask(emptyMemory(), question('a', 1, { callsPerSecond: 4 }), START);
    memory = ask(memory, question('b', 1), START + 1);
    expect(sum(memory.holders.map(heldBy))).toBe(4);

    memory = ask(memory, question('b', 2), START + LEASE_MS);

    expect(leaseOf(memory, 'b')?.callsPerSecond).toBe(10);
    expect(withoutLapsed(memory, START + 2 * LEASE_MS)).toEqual(emptyMemory());
  });
});

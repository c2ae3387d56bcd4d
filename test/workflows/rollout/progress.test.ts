import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { storedRowsName } from '../../../contract/imported-rows.js';
import { rolloutProblem, type RolloutChoice, type RolloutStart } from '../../../contract/rollout.js';
import { decide, validate } from '../../../workflows/rollout/decide.js';
import { emptyMemory, type Ended, type RolloutMemory } from '../../../workflows/rollout/memory.js';
import { begin, isOver, judge, nextCustomers, settle } from '../../../workflows/rollout/progress.js';
import { statusOf } from '../../../workflows/rollout/status.js';

const START = Date.parse('2026-11-29T00:00:00Z');
const because = { actor: 'ann', reason: 'reviewed' };

function aPlan(customers: number, more: Partial<RolloutStart> = {}): RolloutStart {
  const refs = Array.from({ length: customers }, (_, nth) => `C-${nth}`);
  return { action: 'act', ...because, refs, canary: 3, atOnce: 4, maxFailures: { number: 2, share: 0 }, ...more };
}

const ended = (places: readonly number[], outcome: Ended['outcome'] = 'done'): Ended[] =>
  places.map((at) => ({ at, outcome, state: 'steady' }));
const fails = (...places: number[]) => ended(places, 'failed');

/** Begins what begins now, and lets it come out. */
function round(plan: RolloutStart, before: RolloutMemory, failing: readonly number[] = []): RolloutMemory {
  const next = nextCustomers(plan, before);
  const outcomes = next.map((at): Ended => ({ at, outcome: failing.includes(at) ? 'failed' : 'done' }));
  return judge(plan, settle(begin(before, next), outcomes), START);
}

function choose(memory: RolloutMemory, choice: RolloutChoice): RolloutMemory {
  validate(memory, choice, because);
  return decide(memory, choice, { ...because, verified: false }, START).memory;
}

describe('who begins', () => {
  test('is the canary first, and nobody else before all of it has come out', () => {
    const plan = aPlan(10);
    const canary = begin(emptyMemory(START), nextCustomers(plan, emptyMemory(START)));
    expect(canary.underWay).toEqual([0, 1, 2]);

    const two = settle(canary, ended([0, 2]));
    expect(nextCustomers(plan, two)).toEqual([]);
    expect(nextCustomers(plan, settle(two, ended([1])))).toEqual([3, 4, 5, 6]);
  });

  test('is never more than the window has room for, the canary included', () => {
    const plan = aPlan(10, { canary: 6, atOnce: 2 });
    const two = begin(emptyMemory(START), nextCustomers(plan, emptyMemory(START)));
    expect(two.underWay).toEqual([0, 1]);
    expect(nextCustomers(plan, two)).toEqual([]);
    expect(nextCustomers(plan, settle(two, ended([1])))).toEqual([2]);
  });

  test('is at once everybody within the window when there is no canary', () => {
    expect(nextCustomers(aPlan(10, { canary: 0 }), emptyMemory(START))).toEqual([0, 1, 2, 3]);
  });

  test('is nobody while a person must decide', () => {
    const plan = aPlan(10);
    const blocked = round(plan, emptyMemory(START), [1]);
    expect(blocked.blocked).toMatchObject({ why: '1 of the first 3 customers failed' });
    expect(nextCustomers(plan, blocked)).toEqual([]);
  });
});

describe('a rollout stops', () => {
  test('when more have failed than the number, or than the share where that is more', () => {
    const blockedAfter = (failures: number, maxFailures: RolloutStart['maxFailures']) => {
      const plan = aPlan(100, { canary: 0, atOnce: 100, maxFailures });
      const all = begin(emptyMemory(START), nextCustomers(plan, emptyMemory(START)));
      return judge(plan, settle(all, fails(...Array(failures).keys())), START).blocked?.why;
    };
    expect(blockedAfter(2, { number: 2, share: 0.01 })).toBeUndefined();
    expect(blockedAfter(3, { number: 2, share: 0.01 })).toBe('3 failed, and the limit is 2');
    expect(blockedAfter(7, { number: 2, share: 0.07 })).toBeUndefined();
    expect(blockedAfter(8, { number: 2, share: 0.07 })).toBe('8 failed, and the limit is 7');
    expect(blockedAfter(1, { number: 0, share: 0 })).toBe('1 failed, and the limit is 0');
  });

  test('when only failed customers are left, and ends when a person goes on without them', () => {
    const plan = aPlan(4);
    const last = round(plan, round(plan, emptyMemory(START)), [3]);
    expect(last.blocked?.why).toBe('every customer has had its turn, and 1 of 4 failed');
    expect(isOver(plan, last)).toBe(false);

    const resumed = choose(last, 'resume');
    expect(isOver(plan, resumed)).toBe(true);
    expect(statusOf('rollout:act', plan, resumed)).toMatchObject({
      state: 'completed',
      counts: { done: 3, failed: 1 },
    });
  });

  test('for good when a person says so', () => {
    const plan = aPlan(10);
    const stopped = choose(begin(emptyMemory(START), [0, 1]), 'stop');
    expect(isOver(plan, stopped)).toBe(true);
    expect(nextCustomers(plan, stopped)).toEqual([]);
    expect(statusOf('rollout:act', plan, stopped)).toMatchObject({
      state: 'stopped',
      counts: { waiting: 8, underWay: 2 },
      decisions: [{ choice: 'stop', ...because, verified: false }],
    });
  });
});

describe('a person', () => {
  test('lets the canary go on after a failure, which counts no more', () => {
    const plan = aPlan(10, { atOnce: 2 });
    const resumed = choose(round(plan, emptyMemory(START), [0]), 'resume');
    expect(nextCustomers(plan, resumed)).toEqual([2]);
    const again = round(plan, resumed, [2]);
    expect(again.blocked?.why).toBe('1 of the first 3 customers failed');
    expect(nextCustomers(plan, choose(again, 'resume'))).toEqual([3, 4]);
  });

  test('begins once more with those that have failed, the canary before everybody else', () => {
    const plan = aPlan(10, { maxFailures: { number: 0, share: 0 } });
    const resumed = choose(round(plan, emptyMemory(START), [1]), 'resume');
    const later = round(plan, resumed, [5, 3]);
    expect(later.failed.map(({ at }) => at)).toEqual([1, 3, 5]);

    const retried = choose(later, 'retry');
    expect(statusOf('rollout:act', plan, retried).counts).toMatchObject({ failed: 0, waiting: 6 });
    expect(nextCustomers(plan, retried)).toEqual([1]);
    expect(nextCustomers(plan, round(plan, retried))).toEqual([3, 5, 7, 8]);
  });

  test.each<[RolloutChoice, RolloutMemory, string]>([
    ['resume', emptyMemory(START), 'the rollout goes on already'],
    ['retry', emptyMemory(START), 'no customer has failed'],
    ['stop', { ...emptyMemory(START), isStopped: true }, 'the rollout is stopped'],
  ])('cannot %s when that makes no sense', (choice, memory, why) => {
    expect(() => choose(memory, choice)).toThrow(why);
  });

  test('says who and why, in few words', () => {
    const memory = emptyMemory(START);
    expect(() => validate(memory, 'stop', { actor: 'ann', reason: ' ' })).toThrow('reason is missing');
    expect(() => validate(memory, 'stop', { actor: 'a'.repeat(201), reason: 'r' })).toThrow('actor is too long');
  });
});

describe('whatever comes out', () => {
  const scene = fc.record({
    customers: fc.integer({ min: 1, max: 40 }),
    canary: fc.integer({ min: 0, max: 6 }),
    atOnce: fc.integer({ min: 1, max: 8 }),
    number: fc.integer({ min: 0, max: 3 }),
    outcomes: fc.infiniteStream(fc.constantFrom<Ended['outcome']>('done', 'done', 'done', 'failed', 'skipped')),
    choices: fc.infiniteStream(fc.constantFrom<RolloutChoice>('resume', 'retry', 'retry')),
  });

  test('the window is kept, everybody has one outcome in the end, and it is the last one of that customer', () => {
    fc.assert(
      fc.property(scene, ({ customers, canary, atOnce, number, outcomes, choices }) => {
        const plan = aPlan(customers, { canary, atOnce, maxFailures: { number, share: 0 } });
        const last = new Map<number, Ended['outcome']>();
        let memory = emptyMemory(START);
        for (let turns = 0; !isOver(plan, memory); turns += 1) {
          const next = nextCustomers(plan, memory);
          memory = begin(memory, next);
          expect(memory.underWay.length).toBeLessThanOrEqual(atOnce);
          const [first] = memory.underWay;
          if (first !== undefined) {
            const outcome = turns > 200 ? 'done' : outcomes.next().value!;
            last.set(first, outcome);
            memory = settle(memory, [{ at: first, outcome }]);
          }
          memory = judge(plan, memory, START);
          if (memory.blocked !== undefined) memory = choose(memory, turns > 200 ? 'resume' : choices.next().value!);
        }
        const { customers: shown } = statusOf('rollout:act', plan, memory);
        expect(shown.map(({ outcome }) => outcome)).toEqual(plan.refs.map((_ref, at) => last.get(at)));
      }),
    );
  });

  test('what is carried over stays small, also when all of 10,000 customers fail', () => {
    const plan = aPlan(10_000, { canary: 0, maxFailures: { number: 0, share: 1 } });
    const all = begin(emptyMemory(START), [...plan.refs.keys()]);
    const why = 'x'.repeat(5000);
    const memory = settle(
      all,
      fails(...plan.refs.keys()).map((one) => ({ ...one, why })),
    );
    expect(memory.failed).toHaveLength(10_000);
    expect(memory.failed.at(-1)!.why).toHaveLength(300);
    expect(JSON.stringify([plan, memory]).length).toBeLessThan(1_200_000);
    expect(JSON.stringify(statusOf('rollout:act', plan, memory)).length).toBeLessThan(1_200_000);
  });
});

describe('what a rollout cannot be started with', () => {
  const sha256 = 'a'.repeat(64);
  const rows = { source: 'csv', sha256, place: `file:///srv/${storedRowsName(sha256)}`, at: '2026-11-30T10:00:00Z' };
  test.each<[string, object]>([
    ['action: must be one of act, applyPlans, import', { action: 'delete' }],
    ['plans: must name the plans', { action: 'applyPlans' }],
    ['plans: each must have source, plan and digest', { action: 'applyPlans', plans: [null, { source: 'shop' }] }],
    ['rows.source: is missing: name the source', { action: 'import' }],
    ['rows.sha256: must be a SHA-256 in hexadecimal', { action: 'import', rows: { ...rows, sha256: '../x' } }],
    [
      'rows.place: is not where rows with this SHA-256 are kept',
      { action: 'import', rows: { ...rows, place: 'file:///etc/passwd' } },
    ],
    ['rows.at: must be a time in ISO 8601', { action: 'import', rows: { ...rows, at: 'now' } }],
    ['reason: is missing: say why', { reason: ' ' }],
    ['actor: is missing: say who decides', { actor: undefined }],
    ['canary: must be a whole number from 0 to 10000', { canary: 10_001 }],
    ['atOnce: must be a whole number from 1 to 100', { atOnce: 101 }],
    ['maxFailures.number: must be a whole number from 0 to 10000', { maxFailures: undefined }],
    ['maxFailures.share: must be from 0 to 1', { maxFailures: { number: 1, share: 5 } }],
    ['refs: must name the customers', { refs: [] }],
    ['refs: must name the customers', { refs: ['C-1', 2] }],
    ['refs: name a customer twice', { refs: ['C-1', 'C-1'] }],
    ['refs: are more than 10000 customers', aPlan(10_001)],
    ['refs: are too long together: name fewer customers', { refs: ['a', 'b'].map((one) => one.repeat(300_000)) }],
  ])('%s', (problem, more) => {
    expect(rolloutProblem({ ...aPlan(2), ...more })).toBe(problem);
  });

  test('nothing, and null', () => {
    const problem = 'action: must be one of act, applyPlans, import';
    expect([rolloutProblem(undefined), rolloutProblem(null)]).toEqual([problem, problem]);
    expect(rolloutProblem(aPlan(10_000))).toBeUndefined();
    expect(rolloutProblem({ ...aPlan(2), action: 'import', rows })).toBeUndefined();
  });
});

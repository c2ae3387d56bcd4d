import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { resumedFrom } from '../../contract/rollout-memory.js';
import type { RolloutCustomer, RolloutStart } from '../../contract/rollout.js';
import { begin, isOver, judge, nextCustomers, settle } from '../../workflows/rollout/progress.js';
import { statusOf } from '../../workflows/rollout/status.js';

const outcomes = ['done', 'failed', 'skipped', 'underWay', 'waiting'] as const;
const lists = fc
  .array(fc.constantFrom(...outcomes), { minLength: 1, maxLength: 30 })
  .map((all) => all.map((outcome, at): RolloutCustomer => ({ ref: `C-${at}`, outcome })));

test('a rollout that goes on begins exactly those that have not come out, and keeps the outcome of the others', () => {
  fc.assert(
    fc.property(lists, fc.boolean(), (customers, retry) => {
      const refs = customers.map(({ ref }) => ref);
      const plan = { refs, canary: 0, atOnce: 4, maxFailures: { number: 0, share: 0 } };
      const { memory: from, left } = resumedFrom({ customers }, { retry });
      let memory = from;
      const begun: number[] = [];
      for (;;) {
        memory = judge(plan, memory, 0);
        const next = nextCustomers(plan, memory);
        if (next.length === 0) break;
        begun.push(...next);
        memory = settle(
          begin(memory, next),
          next.map((at) => ({ at, outcome: 'done' })),
        );
      }
      const again = retry ? ['waiting', 'underWay', 'failed'] : ['waiting', 'underWay'];

      expect(begun.toSorted((one, other) => one - other)).toEqual(
        customers.flatMap(({ outcome }, at) => (again.includes(outcome) ? [at] : [])),
      );
      expect(left).toBe(begun.length);
      expect(isOver(plan, memory)).toBe(true);
      const start: RolloutStart = { ...plan, action: 'act', actor: 'ann', reason: 'reviewed' };
      expect(statusOf('rollout:act', start, memory).customers.map(({ outcome }) => outcome)).toEqual(
        customers.map(({ outcome }) => (again.includes(outcome) ? 'done' : outcome)),
      );
    }),
  );
});

import type { Mutant } from './mutant.js';

export const callBudgetMutants: readonly Mutant[] = [
  {
    mistake: 'bulk calls starve while there are urgent ones',
    file: 'acronis/call-bucket.ts',
    find: 'this.urgentInRow >= BULK_EVERY - 1',
    replace: 'this.urgentInRow < 0',
    caughtIn: 'acronis/call-bucket',
    title: 'but one of ten is a bulk call',
  },
  {
    mistake: 'others get what a worker does not know yet that it has lost',
    file: 'workflows/call-budget/ledger.ts',
    find: '.filter((one) => one.nth >= uses)',
    replace: '.filter(() => uses < 0)',
    caughtIn: 'properties/call-budget',
    title: 'what all workers may use at a time never exceeds the budget',
  },
  {
    mistake: 'without Temporal a worker goes on with all of its last lease',
    file: 'worker/lease-keeper.ts',
    find: 'this.lastRate > 0 ? this.lastRate / 2',
    replace: 'this.lastRate > 0 ? this.lastRate',
    caughtIn: 'worker/lease-keeper',
    title: 'the lease counts to its end, then its half',
  },
];

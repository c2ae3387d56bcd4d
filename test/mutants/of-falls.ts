import type { Mutant } from './mutant.js';

export const fallMutants: readonly Mutant[] = [
  {
    mistake: 'a steep fall is not asked about',
    file: 'workflows/customer/falls.ts',
    find: 'return valueOf(limit) < Math.max(',
    replace: 'return valueOf(limit) < -Math.max(',
    caughtIn: 'workflows/customer/next-operation',
    title: 'a fall by more than half',
  },
  {
    mistake: 'each of many small falls is looked at alone',
    file: 'workflows/customer/falls.ts',
    find: 'Math.max(...[before, ...former]',
    replace: 'Math.max(...[before, ...former.slice(0, 0)]',
    caughtIn: 'workflows/customer/falls',
    title: 'never come to less than half',
  },
  {
    mistake: 'an item that is no longer sold goes without a question',
    file: 'workflows/customer/entitlement.ts',
    find: '...(falls ? items : [])',
    replace: '...(falls ? [] : items)',
    caughtIn: 'workflows/customer/falls',
    title: 'an item that is no longer sold is asked about',
  },
  {
    mistake: 'a question about a fall ends by itself when the higher quota was long ago',
    file: 'workflows/customer/entitlement.ts',
    find: ' || isAsked(one) ? one : []',
    replace: ' && isAsked !== undefined ? one : []',
    caughtIn: 'workflows/customer/falls',
    title: 'are asked about until somebody says yes',
  },
  {
    mistake: 'a yes to one fall counts for every other one',
    file: 'workflows/customer/entitlement.ts',
    find: 'agreed[field] === fall ||',
    replace: '(agreed[field] !== undefined && fall !== undefined) ||',
    caughtIn: 'workflows/customer/next-operation',
    title: 'a yes to a fall counts for that fall only',
  },
  {
    mistake: 'a customer of an older release remembers falls from its beginning on',
    file: 'workflows/customer/prune-progress.ts',
    find: 'isPatched(REMEMBERS_FALLS)',
    replace: "REMEMBERS_FALLS !== ''",
    caughtIn: 'test/workflows/replay',
    title: 'customer/0.1.0-r10-falls-one-by-one',
  },
];

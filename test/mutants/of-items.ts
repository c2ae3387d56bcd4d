import type { Mutant } from './mutant.js';

/** Mistakes with the items and quotas of a tenant that lives. */
export const itemMutants: readonly Mutant[] = [
  {
    mistake: 'an undo puts back what was there before the run, though a person has changed it since',
    file: 'activities/adopted-items.ts',
    find: 'spec.came?.put ?? putByOrder(spec)',
    replace: 'putByOrder(spec)',
    caughtIn: 'workflows/items-set-meanwhile',
    title: 'puts back what a person has set while it was blocked',
  },
  {
    mistake: 'an undo takes quotas from an agent whose usage is not counted yet',
    file: 'activities/adopted-items.ts',
    find: 'const held = agents === undefined ? [] : taken;',
    replace: 'const held = agents === undefined ? [] : taken.slice(0, 0);',
    caughtIn: 'workflows/items-set-meanwhile',
    title: 'takes nothing away where an agent is',
  },
  {
    mistake: 'a switch of the edition writes over what a person has changed since the look',
    file: 'activities/editions.ts',
    find: 'if (before !== undefined) checkAsFound(held, before);',
    replace: '',
    caughtIn: 'workflows/items-set-meanwhile',
    title: 'by edition asks once a person has set another quota',
  },
  {
    mistake: 'a tenant whose number was taken away with its name counts as the same customer',
    file: 'activities/tenant-traits.ts',
    find: 'if (!customer_id && isLost(numbers))',
    replace: 'if (customer_id && isLost(numbers))',
    caughtIn: 'activities/other-customers',
    title: 'a new name without the contract number',
  },
];

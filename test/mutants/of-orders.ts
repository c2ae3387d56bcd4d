import type { Mutant } from './mutant.js';

/** Ways to call something completed that is not what was ordered. */
export const orderMutants: readonly Mutant[] = [
  {
    mistake: 'an edition drops the items that are named beside it',
    file: 'activities/offer.ts',
    find: 'const rows = withoutRepeats([...ofOne, ...named]);',
    replace: 'const rows = ofOne.length > 0 ? ofOne : withoutRepeats(named);',
    caughtIn: 'activities/offer',
    title: 'add up',
  },
  {
    mistake: 'an item that a list names twice is ordered twice',
    file: 'activities/offer.ts',
    find: 'return [...found.values()];',
    replace: 'return found.size === 0 ? [...found.values()] : [...rows];',
    caughtIn: 'activities/offer',
    title: 'names twice',
  },
  {
    mistake: 'a storage for backup chooses the site for disaster recovery',
    file: 'activities/infra.ts',
    find: "return 'dr';",
    replace: "return 'backup';",
    caughtIn: 'activities/offer',
    title: 'does not choose the site',
  },
  {
    mistake: 'the file of a report is kept although its end is missing',
    file: 'acronis/report-files.ts',
    find: 'if (isSizeStated && ![bytes, counted.bytes(), compressedSize].includes(size))',
    replace: 'if (isSizeStated && ![size, counted.bytes(), compressedSize].includes(size))',
    caughtIn: 'acronis/report-files|acronis/reports',
  },
];

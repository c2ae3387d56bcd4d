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
  {
    mistake: 'a password that cannot be read is found only after the user was made',
    file: 'workflows/parts/references.ts',
    find: 'if (known?.activated) return',
    replace: 'if (!known?.activated) return',
    caughtIn: 'workflows/references',
    title: 'before anything is made',
  },
  {
    mistake: 'an order with a deadline need not say what happens then',
    file: 'catalogue/input.ts',
    find: 'if (then === undefined) return [THEN_MISSING];',
    replace: 'if (then === undefined) return [];',
    caughtIn: 'catalogue/raw-input',
    title: 'needs',
  },
  {
    mistake: 'bytes that are not UTF-8 become replacement characters',
    file: 'contract/text-files.ts',
    find: "new TextDecoder('utf-8', { fatal: true })",
    replace: "new TextDecoder('utf-8', { fatal: false })",
    caughtIn: 'client/text-files',
    title: 'of any bytes',
  },
];

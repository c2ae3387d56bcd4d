import type { CsvRow } from '../csv.js';

/** What a file of customers can say: a row for each customer. */
export const columns = {
  required: ['reference', 'name', 'email'],
  optional: [
    'firstName',
    'lastName',
    'language',
    'login',
    'plan',
    'product',
    'quantity',
    'state',
    'since',
    'until',
    'trialEnd',
    'subscription',
  ],
  aliases: { ref: 'reference', mail: 'email' },
} as const;

export type ImportColumn = (typeof columns.required)[number] | (typeof columns.optional)[number];
export type ImportCells = CsvRow<ImportColumn>['cells'];

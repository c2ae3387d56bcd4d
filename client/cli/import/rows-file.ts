import { TenantryError, type InputProblem } from '../../../contract/errors.js';
import type { ImportedRow } from '../../../contract/imported-rows.js';
import { didYouMean } from '../../../contract/misspellings.js';
import { MOST_CUSTOMERS } from '../../../contract/rollout.js';
import { unusable } from '../../../settings/watched-file.js';
import { readCsv, type CsvRow } from '../csv.js';
import { nameOf, readText } from '../parsers.js';
import { readRow, type ImportContext } from './check-row.js';
import { looksOf } from './spreadsheet-cells.js';
import { columns, type ImportCells, type ImportColumn } from './columns.js';

/** A row, and the line of the file at which it begins. */
export interface NumberedRow {
  line: number;
  row: ImportedRow;
}

/** The rows of a file that can be imported, and the columns of it that say nothing here. */
export interface RowsFile {
  rows: NumberedRow[];
  unread: string[];
}

/** Far more than the rows that an import takes need. */
const MOST_CHARACTERS = 50_000_000;

const all = [...columns.required, ...columns.optional];

/**
 * Reads a file of customers, or standard input for "-". Refused with every problem of every row, each with its line and
 * its column; nothing has been sent to anybody then.
 */
export async function readRowsFile(file: string, context: ImportContext): Promise<RowsFile> {
  const text = await readText(file);
  if (text.length > MOST_CHARACTERS)
    throw refuse(
      file,
      `has more than ${MOST_CHARACTERS} characters, and an import takes ${MOST_CUSTOMERS} rows: split it`,
    );
  const { rows: read, unread, problems } = readCsv<ImportColumn>(text.normalize('NFC'), columns);
  problems.push(...misspelt(unread));
  const rows = read.flatMap(({ line, cells }) => {
    const reading = readRow(cells, context);
    if ('row' in reading) return [{ line, row: reading.row }];
    problems.push(...reading.problems.map((message) => ({ path: `line ${line}`, message })));
    return [];
  });
  problems.push(
    ...twice(read, 'reference', ({ reference }) => reference),
    ...twice(read, 'subscription', ({ subscription, reference }) => subscription ?? reference),
  );
  if (problems.length > 0) throw unusable(nameOf(file), problems.toSorted(byLine));
  if (rows.length === 0) throw refuse(file, 'names no customer: it has a first line only');
  if (rows.length > MOST_CUSTOMERS)
    throw refuse(file, `has ${rows.length} rows, and an import takes ${MOST_CUSTOMERS}: split it`);
  return { rows, unread };
}

/** A column that is nearly one of ours would be missed by everybody. */
function misspelt(unread: readonly string[]): InputProblem[] {
  return unread.flatMap((column) => {
    const meant = didYouMean(column, all);
    return meant === '' ? [] : [{ path: 'line 1', message: `has a column ${column}${meant}` }];
  });
}

function twice(
  rows: readonly CsvRow<ImportColumn>[],
  column: ImportColumn,
  valueOf: (cells: ImportCells) => string | undefined,
): InputProblem[] {
  const first = new Map<string, { line: number; value: string; isGiven: boolean }>();
  return rows.flatMap(({ line, cells }) => {
    const [value, isGiven] = [valueOf(cells), cells[column] !== undefined];
    if (value === undefined) return [];
    const looks = looksOf(value);
    const before = first.get(looks);
    if (before === undefined) first.set(looks, { line, value, isGiven });
    // where neither row names a subscription, it is said of the reference
    if (before === undefined || !(isGiven || before.isGiven)) return [];
    const same = before.value === value ? 'is' : 'looks the same as what is';
    return [{ path: `line ${line}`, message: `${column}: ${value} ${same} in line ${before.line} too` }];
  });
}

function byLine(one: InputProblem, other: InputProblem): number {
  return Number(one.path.slice('line '.length)) - Number(other.path.slice('line '.length));
}

function refuse(file: string, why: string): TenantryError {
  return new TenantryError('refused', `${nameOf(file)} ${why}.`);
}

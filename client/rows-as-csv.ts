import type { RowCell } from '../contract/questions.js';
import { csvText } from './csv-text.js';

/**
 * Rows as CSV (RFC 4180) with every field, below a line of field names. Text that a spreadsheet would run as a formula
 * gets an apostrophe in front. The last line ends with CR, because the caller adds LF.
 */
export function toCsv<Row extends Record<keyof Row, RowCell>>(
  fields: readonly (keyof Row & string)[],
  rows: readonly Row[],
): string {
  return csvText([fields, ...rows.map((row) => fields.map((field) => csvValue(row[field])))]).slice(0, -1);
}

function csvValue(cell: RowCell): string | number {
  if (cell === null) return '';
  if (typeof cell === 'number') return cell;
  return typeof cell === 'object' ? cell.join('; ') : String(cell);
}

import type { Cell } from '../../../lookups/index.js';
import { table } from '../output.js';
import type { Column } from './shown.js';

/** Rows as a table for people. */
export function asTable<Row extends Record<keyof Row, Cell>>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): string {
  if (rows.length === 0) return 'nothing found';
  const cells = (row: Row) =>
    columns.map((column) => readable(typeof column === 'string' ? row[column] : column.cell(row)));
  return table(columns.map(heading), rows.map(cells));
}

/** Rows as CSV (RFC 4180), with every field and a line of their names. The last line ends as the others do. */
export function asCsv<Row extends Record<keyof Row, Cell>>(
  fields: readonly (keyof Row & string)[],
  rows: readonly Row[],
): string {
  const lines = [fields, ...rows.map((row) => fields.map((field) => csvText(row[field])))];
  return lines.map((line) => `${line.map(quoted).join(',')}\r`).join('\n');
}

function heading<Row>(column: Column<Row>): string {
  if (typeof column !== 'string') return column.heading;
  return column.replaceAll(/[A-Z]/g, ' $&').toUpperCase();
}

function readable(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  const text = typeof cell === 'object' ? cell.join(', ') : String(cell);
  // Names are other people's; what steers a terminal must not reach it.
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

function csvText(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? cell.join('; ') : String(cell);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

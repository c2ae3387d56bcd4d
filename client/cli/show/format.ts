import type { Cell } from '../../../lookups/index.js';
import { csvText } from '../../csv-text.js';
import { table } from '../output.js';
import type { Column } from './lookup-command.js';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const STEP = 1024;
const SECONDS_PER_POINT = 3600;

/** Rows as a table for people. */
export function toTable<Row extends Record<keyof Row, Cell>>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): string {
  if (rows.length === 0) return 'nothing found';
  const cells = (row: Row) =>
    columns.map((column) => tableText(typeof column === 'string' ? row[column] : column.cell(row)));
  return table(columns.map(heading), rows.map(cells));
}

/**
 * Rows as CSV (RFC 4180) with every field, below a line of field names. Text that a spreadsheet would run as a formula
 * gets an apostrophe in front. The last line ends with CR, because the caller adds LF.
 */
export function toCsv<Row extends Record<keyof Row, Cell>>(
  fields: readonly (keyof Row & string)[],
  rows: readonly Row[],
): string {
  return csvText([fields, ...rows.map((row) => fields.map((field) => csvValue(row[field])))]).slice(0, -1);
}

/** A quantity for people: bytes in the largest unit that fits, compute points in points, everything else unchanged. */
export function formatAmount(
  value: number | null,
  unit: string | null,
  usageName: string | null = null,
): string | null {
  if (value === null) return null;
  if (unit === 'seconds' && usageName === 'compute_points')
    return `${Math.ceil((value / SECONDS_PER_POINT) * 100) / 100} points`;
  if (unit === 'seconds') return `${value} seconds`;
  if (unit !== 'bytes') return String(value);
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(value) / Math.log(STEP)));
  const scaled = value / STEP ** power;
  return `${Number.isInteger(scaled) ? scaled : scaled.toFixed(1)} ${units[power]}`;
}

function heading<Row>(column: Column<Row>): string {
  if (typeof column !== 'string') return column.heading;
  return column.replaceAll(/[A-Z]/g, ' $&').toUpperCase();
}

function tableText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return typeof cell === 'object' ? cell.join(', ') : String(cell);
}

function csvValue(cell: Cell): string | number {
  if (cell === null) return '';
  if (typeof cell === 'number') return cell;
  return typeof cell === 'object' ? cell.join('; ') : String(cell);
}

import { measureOf, pointsText } from '../../../contract/amounts.js';
import type { Cell } from '../../../lookups/index.js';
import { table } from '../table.js';
import type { Column } from './lookup-command.js';

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
const STEP = 1024;

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

/** A quantity for people: bytes in the largest unit that fits, compute points in points, everything else unchanged. */
export function formatAmount(
  value: number | null,
  unit: string | null,
  usageName: string | null = null,
): string | null {
  if (value === null) return null;
  switch (measureOf({ name: '', usage_name: usageName, measurement_unit: unit })) {
    case 'bytes':
      return bytesText(value);
    case 'points':
      return pointsText(value);
    case 'seconds':
      return `${value} seconds`;
    case 'pieces':
    case 'on or off':
    case 'unnamed':
    case 'unknown':
      return String(value);
  }
}

function bytesText(value: number): string {
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

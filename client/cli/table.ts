import stringWidth from 'string-width';
import { tableWidth } from './output-style.js';
import { joinLines, oneLine } from './printable.js';
import { cutEnd, cutMiddle } from './shortened.js';

const GAP = '  ';
/** Less of a text says nothing. */
const [USUAL_FLOOR, LAST_FLOOR] = [16, 7];
/** The first column names the row, so it keeps most. */
const NAME_FLOOR = 24;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const FEWEST_OF_UUID = 8;
const TIME = /^(\s*\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d(?:\.\d+)?Z$/;

/** The cells of one column, the heading first. */
type Column = readonly string[];

/**
 * Rows under headings, aligned by the columns that a terminal gives each character. What does not fit into `width` is
 * shortened: times to the minute, ids to as much as tells them apart, texts at their end.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = tableWidth(),
): string {
  const columns = headings.map((heading, at) => [heading, ...rows.map((row) => row[at] ?? '')].map(oneLine));
  const fitting = fitInto(columns, width);
  const widths = fitting.map(widthOf);
  const padded = (cell: string, at: number) => cell + ' '.repeat(widths[at]! - stringWidth(cell));
  const lines = [undefined, ...rows].map((_row, line) => fitting.map((column, at) => padded(column[line]!, at)));
  return joinLines(lines.map((line) => line.join(GAP).trimEnd()));
}

/** Shortens in this order, and no more than is needed. */
function fitInto(columns: readonly Column[], width: number): readonly Column[] {
  const shorten: ((now: readonly Column[]) => readonly Column[])[] = [
    (now) => now.map(toMinutes),
    (now) => now.map(toShortIds),
    (now) => cutTexts(now, width, USUAL_FLOOR),
    (now) => cutNames(now, width),
    (now) => cutTexts(now, width, LAST_FLOOR),
  ];
  let now = columns;
  for (const step of shorten) if (widthOfAll(now) > width) now = step(now);
  return now;
}

function widthOf(column: Column): number {
  return Math.max(...column.map((cell) => stringWidth(cell)));
}

function widthOfAll(columns: readonly Column[]): number {
  return columns.map(widthOf).reduce((sum, one) => sum + one, GAP.length * (columns.length - 1));
}

function toMinutes(column: Column): Column {
  return column.map((cell) => cell.replace(TIME, '$1Z'));
}

function isOf(pattern: RegExp, [, ...cells]: Column): boolean {
  return cells.some((cell) => pattern.test(cell)) && cells.every((cell) => cell === '' || pattern.test(cell));
}

/** The same number of characters of each id, so many that different ones stay different. */
function toShortIds(column: Column): Column {
  if (!isOf(UUID, column)) return column;
  const [heading = '', ...ids] = column;
  const different = new Set(ids).size;
  let length = FEWEST_OF_UUID;
  while (new Set(ids.map((id) => id.slice(0, length))).size < different) length += 1;
  return [heading, ...ids.map((id) => id.slice(0, length))];
}

/** Cuts the widest texts, as far as is needed, to no fewer columns than `floor`. */
function cutTexts(columns: readonly Column[], width: number, floor: number): readonly Column[] {
  const widths = columns.map(widthOf);
  const isText = (at: number) =>
    at > 0 && !isOf(/^[0-9a-f-]{8,}$/i, columns[at]!) && !isOf(/T\d\d:\d\dZ$/, columns[at]!);
  const least = columns.map(([heading = ''], at) => (isText(at) ? Math.max(floor, stringWidth(heading)) : Infinity));
  for (let excess = widthOfAll(columns) - width; excess > 0; excess -= 1) {
    const spare = widths.map((one, at) => (one > least[at]! ? one : 0));
    const widest = Math.max(...spare);
    if (widest === 0) break;
    widths[spare.lastIndexOf(widest)]! -= 1;
  }
  return columns.map((column, at) => column.map((cell) => cutEnd(cell, widths[at]!)));
}

/** Cuts the first column in the middle. Cells that would look the same then stay whole. */
function cutNames(columns: readonly Column[], width: number): readonly Column[] {
  const [names, ...others] = columns as [Column, ...Column[]];
  const room = Math.max(NAME_FLOOR, widthOf(names) - (widthOfAll(columns) - width));
  const cut = names.map((name) => cutMiddle(name, room));
  const isAmbiguous = (one: string, at: number) => cut.some((other, nth) => other === one && names[nth] !== names[at]);
  return [cut.map((one, at) => (isAmbiguous(one, at) ? names[at]! : one)), ...others];
}

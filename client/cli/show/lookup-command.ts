import { InvalidArgumentError, Option } from 'commander';
import type { Page, PageCursor } from '../../../acronis/index.js';
import { durationMs } from '../../../contract/durations.js';
import type { Cell, Lookup, Scope } from '../../../lookups/index.js';
import type { JsonOption } from '../command.js';
import { parseWholeNumber } from '../parsers.js';

const WEEK = '7 days';

/** A column of the table: a field of the rows, or a value computed from them. */
export type Column<Row> = (keyof Row & string) | { heading: string; cell: (row: Row) => Cell };

/** A look-up as a command: its arguments, options and how its rows are shown. */
export interface LookupCommand<Filter, Row extends Record<keyof Row, Cell>> {
  /** Name and argument, e.g. `search <text>`. */
  command: string;
  summary: string;
  lookup: Lookup<Filter, Row>;
  /** Of the table; JSON and CSV have every field. */
  columns: readonly Column<Row>[];
  /** Named like the fields of the filter. */
  options: readonly Option[];
  examples: readonly string[];
  /** How many rows are shown unless more are asked for; all unless given. */
  limit?: number;
  /** Printed on standard error, below the answer. */
  note?: string;
  /** One page with the places of its neighbours, where the vendor pages in both directions. */
  page?: (scope: Scope, filter: Filter, place: PageCursor) => Promise<Page<Row>>;
}

/** The command of this look-up. */
export type CommandFor<L> = L extends Lookup<infer Filter, infer Row> ? LookupCommand<Filter, Row> : never;

/** What every look-up takes. */
export interface CommonOptions extends JsonOption {
  tenant?: string;
  cloud?: string;
  csv?: boolean;
  limit?: number;
  /** One page, of a look-up that can be paged in both directions. */
  paged?: boolean;
}

export const commonOptions = (): Option[] => [
  new Option('--tenant <which>', 'id, exact name or customer id of a tenant; our root by default'),
  new Option('--cloud <name>', 'which of the configured clouds'),
  new Option('--limit <n>', 'show at most this many rows').argParser(parsePositive),
  new Option('--json', 'answer in JSON, with every field'),
  new Option('--csv', 'answer in CSV, with every field').conflicts('json'),
];

/** Only what is newer; the last week unless given. */
export const sinceOption = (): Option =>
  new Option('--since <when>', 'how far back: a duration or a date')
    .argParser(parseSince)
    .default(parseSince(WEEK), WEEK);

/** Reads a whole number from 1 on; refuses anything else. */
export function parsePositive(text: string): number {
  const number = parseWholeNumber(text);
  if (number < 1) throw new InvalidArgumentError('It must be at least 1.');
  return number;
}

/** Reads a duration ("2 hours") or a date (2024-07-01); refuses anything else. */
export function parseSince(text: string): Date {
  const isDate = /^\d{4}-\d\d-\d\d/.test(text);
  const duration = /^\d+(\.\d+)?\s*[a-z]+$/i.test(text) ? durationMs(text) : Number.NaN;
  const date = new Date(isDate ? text : Date.now() - duration);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be like "7 days" or 2024-07-01.');
  return date;
}

import type { Option } from 'commander';
import type { Page, Place } from '../../../acronis/index.js';
import type { Cell, Lookup, Scope } from '../../../lookups/index.js';

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
  page?: (scope: Scope, filter: Filter, place: Place) => Promise<Page<Row>>;
}

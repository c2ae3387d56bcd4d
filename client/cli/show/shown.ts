import type { Option } from 'commander';
import type { Page, PageCursor } from '../../../acronis/index.js';
import type { Cell, Lookup, Scope } from '../../../lookups/index.js';

/** A column of the table: a field of the rows, or something made of them. */
export type Column<Row> = (keyof Row & string) | { heading: string; cell: (row: Row) => Cell };

/** How a look-up is reached and shown. */
export interface Shown<Filter, Row extends Record<keyof Row, Cell>> {
  /** As it is typed, with its argument, e.g. `search <text>`. */
  command: string;
  summary: string;
  lookup: Lookup<Filter, Row>;
  /** Of the table; JSON and CSV have every field. */
  columns: readonly Column<Row>[];
  /** Named as the fields of the filter are. */
  options: readonly Option[];
  examples: readonly string[];
  /** How many rows are shown unless more are asked for; all unless given. */
  limit?: number;
  /** Said beside the answer. */
  note?: string;
  /** Where the vendor pages in both directions: one page and its neighbours. */
  page?: (scope: Scope, filter: Filter, cursor: PageCursor) => Promise<Page<Row>>;
}

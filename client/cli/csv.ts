import { CsvError, parse } from 'csv-parse/sync';
import type { InputProblem } from '../../contract/errors.js';

/** A row of a CSV file: the line at which it begins, and the cells of the columns that are known, trimmed. */
export interface CsvRow<Column extends string> {
  line: number;
  cells: Partial<Record<Column, string>>;
}

/** The content of a CSV file. */
export interface CsvContent<Column extends string> {
  rows: CsvRow<Column>[];
  /** Columns of the file that nobody reads. */
  unread: string[];
  problems: InputProblem[];
}

interface CsvRecord {
  record: string[];
  info: { lines: number };
}

/**
 * Reads CSV (RFC 4180, also with `;` or tabs, as spreadsheets write it) whose first line names the columns: in any order,
 * and case, blanks, `-` and `_` do not count. Empty lines are skipped, and an empty cell counts as absent. Every problem
 * has its line as path.
 */
export function readCsv<Column extends string>(
  text: string,
  columns: { required: readonly Column[]; optional: readonly Column[]; aliases?: Readonly<Record<string, Column>> },
): CsvContent<Column> {
  const content: CsvContent<Column> = { rows: [], unread: [], problems: [] };
  const [head, ...records] = recordsOf(text, content.problems);
  if (head === undefined) {
    if (content.problems.length === 0)
      content.problems.push({ path: 'line 1', message: 'is missing: name the columns' });
    return content;
  }
  const names = [...columns.required, ...columns.optional].map((column) => [column, column] as const);
  const aliases = Object.entries(columns.aliases ?? {});
  const known = new Map([...names, ...aliases].map(([heading, column]) => [headingKey(heading), column]));
  const headings = head.record.map((heading) => known.get(headingKey(heading)));
  content.unread.push(...head.record.filter((heading, at) => headings[at] === undefined && heading !== ''));
  const ofHead = problemsOfHead(head, headings, columns.required);
  content.problems.push(...ofHead);
  for (const record of records) {
    const [line, count] = [firstLineOf(record), record.record.length];
    if (count !== headings.length)
      content.problems.push({
        path: `line ${line}`,
        message: `has ${count} cells, and the first line has ${headings.length}`,
      });
    // without its column every row would lack the cell
    else if (ofHead.length === 0) content.rows.push({ line, cells: cellsOf(record.record, headings) });
  }
  return content;
}

function recordsOf(text: string, problems: InputProblem[]): CsvRecord[] {
  let read = 0;
  try {
    return parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      on_record: (record, { lines }) => {
        read = lines;
        return record;
      },
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
    }) as unknown as CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { code, lines, message } = error as CsvError & { lines?: number };
    // the parser notices it only at the end of the file
    if (code === 'CSV_QUOTE_NOT_CLOSED')
      problems.push({ path: `line ${read + 1}`, message: 'has a quote that is not closed' });
    else problems.push({ path: `line ${lines ?? 1}`, message: `is not CSV: ${message}` });
    return [];
  }
}

/** What separates most columns in the first line. */
function delimiterOf(text: string): string {
  const [head = ''] = text.split(/\r?\n|\r/, 1);
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: head.split(delimiter).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

function headingKey(heading: string): string {
  return heading.toLowerCase().replaceAll(/[\s_-]/g, '');
}

function problemsOfHead<Column extends string>(
  head: CsvRecord,
  headings: readonly (Column | undefined)[],
  required: readonly Column[],
): InputProblem[] {
  const path = `line ${firstLineOf(head)}`;
  const twice = headings.filter((column, at) => column !== undefined && headings.indexOf(column) < at);
  return [
    ...required
      .filter((column) => !headings.includes(column))
      .map((column) => ({ path, message: `has no column ${column}; it has ${head.record.join(', ')}` })),
    ...twice.map((column) => ({ path, message: `has the column ${column} twice` })),
  ];
}

function cellsOf<Column extends string>(
  record: readonly string[],
  headings: readonly (Column | undefined)[],
): Partial<Record<Column, string>> {
  const cells: Partial<Record<Column, string>> = {};
  for (const [at, column] of headings.entries()) {
    const cell = record[at]!.trim();
    if (column !== undefined && cell !== '') cells[column] = cell;
  }
  return cells;
}

/** The parser says where a record ends, and a quoted cell may have several lines. */
function firstLineOf({ record, info }: CsvRecord): number {
  return info.lines - record.join('').split('\n').length + 1;
}

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

/** A first line that only tells a spreadsheet what separates the columns. */
const SEPARATOR_LINE = /^"?sep=(.)"?(?=\n|$)/i;

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
  const [head, ...records] = recordsOf(withPlainLines(text), content.problems);
  if (head === undefined) {
    if (content.problems.length === 0)
      content.problems.push({ path: 'line 1', message: 'is missing: name the columns' });
    return content;
  }
  const names = [...columns.required, ...columns.optional].map((column) => [column, column] as const);
  const aliases = Object.entries(columns.aliases ?? {});
  const known = new Map([...names, ...aliases].map(([heading, column]) => [headingKey(heading), column]));
  const headings = head.record.map((heading) => known.get(headingKey(heading)));
  content.unread.push(...unreadOf(head, records, headings));
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

/** The parser counts the end of a line in a cell as two lines where it is CRLF. */
function withPlainLines(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** Columns that nobody reads, but somebody has filled in. One without a name is named by its place. */
function unreadOf(head: CsvRecord, records: readonly CsvRecord[], headings: readonly (string | undefined)[]): string[] {
  return head.record.flatMap((heading, at) => {
    if (headings[at] !== undefined) return [];
    if (heading !== '') return [heading];
    return records.some(({ record }) => record[at]?.trim()) ? [`number ${at + 1}, which has no name`] : [];
  });
}

function recordsOf(text: string, problems: InputProblem[]): CsvRecord[] {
  let read = 0;
  try {
    return parse(text.replace(SEPARATOR_LINE, ''), {
      delimiter: SEPARATOR_LINE.exec(text)?.[1] ?? delimiterOf(text),
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
    const [line, why] = problemsOfText[code] ?? ['here', `is not CSV: ${message}`];
    problems.push({ path: `line ${line === 'next' ? read + 1 : (lines ?? 1)}`, message: why });
    return [];
  }
}

const QUOTE_INSIDE = 'has a quote inside of a cell: write it twice there, and one before and after the cell';

/** What the parser notices where it is, and what it notices only at the end of the file. */
const problemsOfText: Readonly<Record<string, ['here' | 'next', string]>> = {
  CSV_QUOTE_NOT_CLOSED: ['next', 'has a quote that is not closed'],
  INVALID_OPENING_QUOTE: ['here', QUOTE_INSIDE],
  CSV_INVALID_CLOSING_QUOTE: ['here', QUOTE_INSIDE],
};

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

import { CsvError, parse } from 'csv-parse/sync';

/** One row of a report, with the vendor's column names. */
export type ReportRow = Record<string, string | number | null>;

export interface ReportTable {
  columns: string[];
  rows: ReportRow[];
}

const UNIT = 'measurement_unit';
const amountColumn = /^(usage|absolute|delta|effective)\./;
const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * The rows of a report in CSV or JSON; undefined if it is neither, or if a row has more or fewer cells than the header.
 * Amounts are numbers in the unit of `measurement_unit`. If the file has no unit, storage in CSV is in GiB and compute
 * points are in seconds, as documented; otherwise the unit is null.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/usage-reporting/reports/reports-usage-v2.html
 */
export function readReportTable(content: string): ReportTable | undefined {
  const text = content.replace(/^\uFEFF/, '').trimStart();
  if (text === '' || text.startsWith('<')) return undefined;
  const rows = /^[[{]/.test(text) ? fromJson(text) : fromCsv(text);
  if (rows === undefined) return undefined;
  const columns = [...new Set(rows.columns.concat(UNIT))];
  return { columns, rows: rows.rows };
}

function fromJson(text: string): ReportTable | undefined {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = Array.isArray(report) ? report : (report as { tenants?: unknown }).tenants;
  if (!Array.isArray(list)) return undefined;
  const rows = list.map((row: unknown) => withUnit(flatten(row), null));
  return { columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows };
}

/** Turns `{"tenant": {"id": 1}}` into `{"tenant.id": 1}`. */
function flatten(value: unknown, path = ''): ReportRow {
  if (typeof value === 'number' || typeof value === 'string' || value === null) return { [path]: value };
  if (typeof value !== 'object' || Array.isArray(value)) return { [path]: JSON.stringify(value) };
  const parts = Object.entries(value).map(([name, part]) => flatten(part, path === '' ? name : `${path}.${name}`));
  return Object.assign({}, ...parts) as ReportRow;
}

function fromCsv(text: string): ReportTable | undefined {
  const [columns = [], ...lines] = parseCsv(text) ?? [];
  if (columns.length < 2) return undefined;
  const rows = lines.map((cells) => {
    const row = Object.fromEntries(columns.map((column, at) => [column, toCell(column, cells[at] ?? '')]));
    return withUnit(row, 'GiB');
  });
  return { columns, rows };
}

function parseCsv(text: string): string[][] | undefined {
  try {
    return parse(text, { skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function toCell(column: string, text: string): string | number | null {
  if (text === '') return null;
  return amountColumn.test(column) && number.test(text) ? Number(text) : text;
}

function withUnit(row: ReportRow, storageUnit: string | null): ReportRow {
  const name = String(row['name'] ?? '');
  const known = name.includes('compute_points') ? 'seconds' : name.includes('storage') ? storageUnit : null;
  return { ...row, [UNIT]: row[UNIT] ?? known };
}

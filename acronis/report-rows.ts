import { CsvError, parse } from 'csv-parse/sync';

/** One row of a report: the vendor's columns by the vendor's names. */
export type ReportRow = Record<string, string | number | null>;

export interface ReportTable {
  columns: string[];
  rows: ReportRow[];
}

const UNIT = 'measurement_unit';
const amounts = /^(usage|absolute|delta|effective)\./;
const number = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * The rows of a report in CSV or JSON; undefined when it is neither, or a row has more or fewer cells than the header. Amounts are numbers, in the unit that `measurement_unit` says. Where the file
 * leaves the unit out, that of storage in CSV is GiB and that of compute points is seconds, as documented; of all else it is null.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/usage-reporting/reports/reports-usage-v2.html
 */
export function readReport(content: string): ReportTable | undefined {
  const text = content.replace(/^\uFEFF/, '').trimStart();
  if (text === '' || text.startsWith('<')) return undefined;
  const rows = /^[[{]/.test(text) ? ofJson(text) : ofCsv(text);
  if (rows === undefined) return undefined;
  const columns = [...new Set(rows.columns.concat(UNIT))];
  return { columns, rows: rows.rows };
}

function ofJson(text: string): ReportTable | undefined {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = Array.isArray(told) ? told : (told as { tenants?: unknown }).tenants;
  if (!Array.isArray(list)) return undefined;
  const rows = list.map((row: unknown) => withUnit(flat(row), null));
  return { columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows };
}

/** `{"tenant": {"id": 1}}` as `{"tenant.id": 1}`. */
function flat(value: unknown, path = ''): ReportRow {
  if (typeof value === 'number' || typeof value === 'string' || value === null) return { [path]: value };
  if (typeof value !== 'object' || Array.isArray(value)) return { [path]: JSON.stringify(value) };
  const parts = Object.entries(value).map(([name, part]) => flat(part, path === '' ? name : `${path}.${name}`));
  return Object.assign({}, ...parts) as ReportRow;
}

function ofCsv(text: string): ReportTable | undefined {
  const [columns = [], ...lines] = records(text) ?? [];
  if (columns.length < 2) return undefined;
  const rows = lines.map((cells) => {
    const row = Object.fromEntries(columns.map((column, at) => [column, cell(column, cells[at] ?? '')]));
    return withUnit(row, 'GiB');
  });
  return { columns, rows };
}

function records(text: string): string[][] | undefined {
  try {
    return parse(text, { skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function cell(column: string, text: string): string | number | null {
  if (text === '') return null;
  return amounts.test(column) && number.test(text) ? Number(text) : text;
}

function withUnit(row: ReportRow, ofStorage: string | null): ReportRow {
  const name = String(row['name'] ?? '');
  const known = name.includes('compute_points') ? 'seconds' : name.includes('storage') ? ofStorage : null;
  return { ...row, [UNIT]: row[UNIT] ?? known };
}

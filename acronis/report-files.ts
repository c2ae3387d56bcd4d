import { gunzipSync } from 'node:zlib';
import { CsvError, parse } from 'csv-parse/sync';
import type { NewReport } from './reports.js';
import { normalizeId } from './shapes.js';

/** The expected format and size of a report file. */
export interface ExpectedFile {
  format: NewReport['formats'][number];
  /** Bytes, as the vendor states them; null if it does not. */
  size: number | null;
}

/** A file as it was received. */
export interface ReceivedFile {
  bytes: Uint8Array;
  /** Size of a compressed answer as sent, if the answer states it. */
  compressedSize?: number | undefined;
}

/** A complete report file. */
export interface ReportFile {
  bytes: Uint8Array;
  /** Number of usage rows; absent if they cannot be counted in this format. */
  rows?: number;
  /** Ids of the tenants in it; absent if it names none. */
  tenants?: string[];
}

const TENANT = 'tenant.id';

/** Columns of every usage row in the one CSV format whose columns are documented. */
const v2Columns = ['application.id', TENANT, 'name'];

/**
 * Checks that a report file is complete: of the size that the vendor states, in the documented shape of its format, and
 * with a proper end. For an undocumented format, the stated size is enough. Returns a fault for anything else, such as
 * a proxy's page, an empty file or a part.
 */
export function readReportFile(received: ReceivedFile, { format, size }: ExpectedFile): ReportFile | { fault: string } {
  const bytes = decompress(received.bytes);
  if (bytes === undefined) return { fault: 'the file is compressed, and its end is missing' };
  if (bytes.byteLength === 0) return { fault: 'the file is empty' };
  const sizes = [bytes.byteLength, received.bytes.byteLength, received.compressedSize];
  // no report has 0 bytes, so a stated size of 0 means nothing
  const isSizeStated = size !== null && size > 0;
  if (isSizeStated && !sizes.includes(size))
    return { fault: `the file has ${bytes.byteLength} bytes, and the cloud states ${size}` };
  const read = readers[format](bytes, isSizeStated);
  return 'fault' in read ? read : { bytes, ...read };
}

/** The answer may be a compressed file without a header that says so. */
function decompress(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

type ReadResult = { rows?: number; tenants?: string[] } | { fault: string };
type Reader = (bytes: Uint8Array, isWhole: boolean) => ReadResult;

const readers: Record<ExpectedFile['format'], Reader> = {
  csv_v2_0: (bytes, isWhole) => readCsv(bytes, { isWhole, required: v2Columns }),
  csv: (bytes, isWhole) => acceptIfWhole(readCsv(bytes, { isWhole, required: [] }), isWhole),
  json_v2_0: (bytes) => readJson(bytes, (report) => (report as { tenants?: unknown } | null)?.tenants),
  json_v1: (bytes, isWhole) =>
    acceptIfWhole(
      readJson(bytes, (report) => (Array.isArray(report) ? report : (report as { tenants?: unknown } | null)?.tenants)),
      isWhole,
    ),
  html: (bytes, isWhole) => acceptIfWhole(readHtml(decode(bytes)), isWhole),
};

/** In an undocumented format, a file of the stated size counts as complete. */
function acceptIfWhole(read: ReadResult, isWhole: boolean): ReadResult {
  return isWhole && 'fault' in read ? {} : read;
}

function readCsv(
  bytes: Uint8Array,
  { isWhole, required }: { isWhole: boolean; required: readonly string[] },
): ReadResult {
  let columns: string[] | undefined;
  let rows = 0;
  const tenants = new Set<string>();
  try {
    parse(bytes, {
      bom: true,
      skip_empty_lines: true,
      // rows are counted, not kept, because a report may be large
      on_record: (cells: string[]) => {
        if (columns === undefined) columns = cells;
        else {
          rows += 1;
          tenants.add(cells[columns.indexOf(TENANT)] ?? '');
        }
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const what = error.code.includes('LENGTH') ? 'has more or fewer cells than the header' : 'is not valid CSV';
    return { fault: `line ${String(error['lines'])} ${what}` };
  }
  const missing = required.filter((column) => !columns?.includes(column));
  if (missing.length > 0) return { fault: `the header has no column ${missing.join(', ')}` };
  if ((columns?.length ?? 0) < 2) return { fault: 'the file is not CSV with a header' };
  if (required.length > 0 && !columns?.some((column) => column.startsWith('usage.')))
    return { fault: 'the header has no usage column' };
  if (!isWhole && bytes.at(-1) !== LINE_END) return { fault: 'the last line has no end' };
  return { rows, ...withTenants(tenants) };
}

function withTenants(ids: Iterable<string>): { tenants?: string[] } {
  const tenants = [...ids].filter((id) => id !== '').map(normalizeId);
  return tenants.length === 0 ? {} : { tenants };
}

const LINE_END = 0x0a;

function readJson(bytes: Uint8Array, findRows: (report: unknown) => unknown): ReadResult {
  let report: unknown;
  try {
    report = JSON.parse(decode(bytes));
  } catch {
    return { fault: 'the file is not valid JSON' };
  }
  const rows = findRows(report);
  if (!Array.isArray(rows)) return { fault: 'the file has no list of tenants' };
  const isRow = (row: unknown) => typeof row === 'object' && row !== null && !Array.isArray(row);
  if (!rows.every(isRow)) return { fault: 'the list of tenants holds something else' };
  return { rows: rows.length, ...withTenants(new Set(rows.map(tenantOf))) };
}

function tenantOf(row: unknown): string {
  const { tenant, [TENANT]: flat } = row as { tenant?: { id?: unknown } | null; [TENANT]?: unknown };
  const id = flat ?? (typeof tenant === 'object' ? tenant?.id : undefined);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
}

function readHtml(page: string): ReadResult {
  if (!/^\s*<(!doctype html|html)\b/i.test(page)) return { fault: 'the file is not an HTML document' };
  if (!/<\/html>\s*$/i.test(page)) return { fault: 'the HTML document has no end' };
  return /<table\b/i.test(page) ? {} : { fault: 'the HTML document has no table' };
}

/** Removes the byte order mark. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

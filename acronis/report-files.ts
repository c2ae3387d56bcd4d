import { gunzipSync } from 'node:zlib';
import { CsvError, parse } from 'csv-parse/sync';
import type { NewReport } from './reports.js';
import { idInSmallLetters } from './shapes.js';

/** What the file of a report is expected to be. */
export interface ExpectedFile {
  format: NewReport['formats'][number];
  /** Bytes, as the vendor states them; null when it states none. */
  size: number | null;
}

/** A file as it came. */
export interface ReceivedFile {
  bytes: Uint8Array;
  /** Bytes on the wire, where the answer was packed and says so. */
  packedBytes?: number | undefined;
}

/** The whole file of a report, as the vendor made it. */
export interface ReportFile {
  bytes: Uint8Array;
  /** How many rows of usage it has; absent where its format has none that can be counted. */
  rows?: number;
  /** Ids of the tenants whose usage it tells; absent where it does not name them. */
  tenants?: string[];
}

const TENANT = 'tenant.id';

/** What every row of usage has, in the one format in CSV whose columns are known. */
const columnsOfV2 = ['application.id', TENANT, 'name'];

/**
 * Reads the file of a report, which must be whole: of the size that the vendor states, in the shape that is documented for its format, and with a
 * proper end. Where no shape is documented, a size that fits is enough. Gives a sentence instead when it is anything else, such as the page of a
 * proxy, nothing at all, or a part.
 */
export function readReportFile(received: ReceivedFile, { format, size }: ExpectedFile): ReportFile | { fault: string } {
  const bytes = unpacked(received.bytes);
  if (bytes === undefined) return { fault: 'the file is packed, and its end is missing' };
  if (bytes.byteLength === 0) return { fault: 'the file is empty' };
  const sizes = [bytes.byteLength, received.bytes.byteLength, received.packedBytes];
  // no report has 0 bytes, so a vendor that says so states nothing
  const isStated = size !== null && size > 0;
  if (isStated && !sizes.includes(size))
    return { fault: `the file has ${bytes.byteLength} bytes, and the cloud states ${size}` };
  const read = shapes[format](bytes, isStated);
  return 'fault' in read ? read : { bytes, ...read };
}

/** The answer may be a packed file that no header calls so. */
function unpacked(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

type Read = { rows?: number; tenants?: string[] } | { fault: string };
type Shape = (bytes: Uint8Array, isWhole: boolean) => Read;

const shapes: Record<ExpectedFile['format'], Shape> = {
  csv_v2_0: (bytes, isWhole) => csv(bytes, { isWhole, required: columnsOfV2 }),
  csv: (bytes, isWhole) => undocumented(csv(bytes, { isWhole, required: [] }), isWhole),
  json_v2_0: (bytes) => json(bytes, (told) => (told as { tenants?: unknown } | null)?.tenants),
  json_v1: (bytes, isWhole) =>
    undocumented(
      json(bytes, (told) => (Array.isArray(told) ? told : (told as { tenants?: unknown } | null)?.tenants)),
      isWhole,
    ),
  html: (bytes, isWhole) => undocumented(html(text(bytes)), isWhole),
};

/** A file of the size that is stated is whole, whatever it looks like. */
function undocumented(read: Read, isWhole: boolean): Read {
  return isWhole && 'fault' in read ? {} : read;
}

function csv(bytes: Uint8Array, { isWhole, required }: { isWhole: boolean; required: readonly string[] }): Read {
  let columns: string[] | undefined;
  let rows = 0;
  const tenants = new Set<string>();
  try {
    parse(bytes, {
      bom: true,
      skip_empty_lines: true,
      // counted, not kept: a report may be large
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
    return { fault: 'the header has no column of usage' };
  if (!isWhole && bytes.at(-1) !== LINE_END) return { fault: 'the last line has no end' };
  return { rows, ...named(tenants) };
}

function named(ids: Iterable<string>): { tenants?: string[] } {
  const tenants = [...ids].filter((id) => id !== '').map(idInSmallLetters);
  return tenants.length === 0 ? {} : { tenants };
}

const LINE_END = 0x0a;

function json(bytes: Uint8Array, rowsIn: (told: unknown) => unknown): Read {
  let told: unknown;
  try {
    told = JSON.parse(text(bytes));
  } catch {
    return { fault: 'the file is not valid JSON' };
  }
  const rows = rowsIn(told);
  if (!Array.isArray(rows)) return { fault: 'the file has no list of tenants' };
  const isRow = (row: unknown) => typeof row === 'object' && row !== null && !Array.isArray(row);
  if (!rows.every(isRow)) return { fault: 'the list of tenants holds something else' };
  return { rows: rows.length, ...named(new Set(rows.map(tenantOf))) };
}

function tenantOf(row: unknown): string {
  const { tenant, [TENANT]: flat } = row as { tenant?: { id?: unknown } | null; [TENANT]?: unknown };
  const id = flat ?? (typeof tenant === 'object' ? tenant?.id : undefined);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
}

function html(page: string): Read {
  if (!/^\s*<(!doctype html|html)\b/i.test(page)) return { fault: 'the file is not an HTML document' };
  if (!/<\/html>\s*$/i.test(page)) return { fault: 'the HTML document has no end' };
  return /<table\b/i.test(page) ? {} : { fault: 'the HTML document has no table' };
}

/** Without its byte order mark. */
function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

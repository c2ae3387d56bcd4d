import { TokenParser, Tokenizer, TokenType } from '@streamparser/json';
import { CsvError, parse } from 'csv-parse';
import type { NewReport } from './reports.js';

/** What a file contains, or why it is not a complete report. */
export type FormatResult = { rows?: number; tenants?: ReadonlySet<string> } | { fault: string };

/** Checks a file while its parts arrive. */
export interface FormatCheck {
  write(part: Uint8Array): Promise<void> | void;
  /** The file has ended. `isWhole`: its size is as the cloud states it. */
  end(isWhole: boolean): Promise<FormatResult> | FormatResult;
}

type Format = NewReport['formats'][number];

const TENANT = 'tenant.id';
const LINE_END = 0x0a;

/** Columns of every usage row in the one CSV format whose columns are documented. */
const v2Columns = ['application.id', TENANT, 'name'];

const checks: Record<Format, () => FormatCheck> = {
  csv_v2_0: () => checkCsv(v2Columns),
  csv: () => acceptIfWhole(checkCsv([])),
  json_v2_0: () => checkJson({ mayBeList: false }),
  json_v1: () => acceptIfWhole(checkJson({ mayBeList: true })),
  html: () => acceptIfWhole(checkHtml()),
};

/** The check for a format. */
export function checkFormat(format: Format): FormatCheck {
  return checks[format]();
}

/** In an undocumented format, a file of the stated size counts as complete. */
function acceptIfWhole(check: FormatCheck): FormatCheck {
  return {
    write: (part) => check.write(part),
    async end(isWhole) {
      const result = await check.end(isWhole);
      return isWhole && 'fault' in result ? {} : result;
    },
  };
}

/** Rows are counted, not kept, because a report may be large. */
function checkCsv(required: readonly string[]): FormatCheck {
  let columns: string[] | undefined;
  let rows = 0;
  let last: number | undefined;
  let fault: string | undefined;
  const tenants = new Set<string>();
  const countRow = (cells: string[]) => {
    if (columns === undefined) columns = cells;
    else {
      rows += 1;
      tenants.add(cells[columns.indexOf(TENANT)] ?? '');
    }
    return null;
  };
  const parser = parse({ bom: true, skip_empty_lines: true, on_record: countRow }).resume();
  parser.on('error', (error) => (fault ??= csvFault(error)));
  return {
    async write(part) {
      last = part.at(-1) ?? last;
      if (!parser.destroyed) await new Promise<void>((resolve) => void parser.write(part, () => resolve()));
    },
    async end(isWhole) {
      if (!parser.closed) {
        const closed = new Promise((resolve) => parser.once('close', resolve));
        parser.end();
        await closed;
      }
      fault ??= headerFault(columns, required);
      if (fault !== undefined) return { fault };
      if (!isWhole && last !== LINE_END) return { fault: 'the last line has no end' };
      return { rows, tenants };
    },
  };
}

function csvFault(error: unknown): string {
  if (!(error instanceof CsvError)) throw error;
  const what = error.code.includes('LENGTH') ? 'has more or fewer cells than the header' : 'is not valid CSV';
  return `line ${String(error['lines'])} ${what}`;
}

function headerFault(columns: readonly string[] = [], required: readonly string[]): string | undefined {
  const missing = required.filter((column) => !columns.includes(column));
  if (missing.length > 0) return `the header has no column ${missing.join(', ')}`;
  if (columns.length < 2) return 'the file is not CSV with a header';
  const isUsage = required.length === 0 || columns.some((column) => column.startsWith('usage.'));
  return isUsage ? undefined : 'the header has no usage column';
}

/** Reads the list of tenants, one after the other: the property `tenants`, or the whole file if that may be a list. */
function checkJson({ mayBeList }: { mayBeList: boolean }): FormatCheck {
  let rows = 0;
  let [hasList, hasOther, isBroken] = [false, false, false];
  const tenants = new Set<string>();
  const countRow = (value: unknown) => {
    rows += 1;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) tenants.add(tenantOf(value));
    else hasOther = true;
  };
  const reader = readTenants(mayBeList, { onList: () => (hasList = true), onRow: countRow });
  const attempt = (act: () => void) => {
    if (isBroken) return;
    try {
      act();
    } catch {
      isBroken = true;
    }
  };
  return {
    write: (part) => attempt(() => reader.write(part)),
    end() {
      attempt(() => reader.end());
      if (isBroken || !reader.isWhole()) return { fault: 'the file is not valid JSON' };
      if (!hasList) return { fault: 'the file has no list of tenants' };
      return hasOther ? { fault: 'the list of tenants holds something else' } : { rows, tenants };
    },
  };
}

interface TenantListener {
  onList(): void;
  onRow(row: unknown): void;
}

/** Only one tenant is in memory at any time. Throws for what is not JSON. */
function readTenants(mayBeList: boolean, { onList, onRow }: TenantListener) {
  const tokens = new Tokenizer();
  const place = placeInJson();
  let values: TokenParser | undefined;
  tokens.onToken = (token) => {
    const { depth, key } = place.see(token.token, token.value);
    const opensList = token.token === TokenType.LEFT_BRACKET;
    if (values === undefined) {
      values = new TokenParser({ paths: [opensList ? '$.*' : '$.tenants.*'], keepStack: false });
      values.onValue = ({ value, parent }) => (Array.isArray(parent) ? onRow(value) : undefined);
    }
    if (opensList && (depth === 0 ? mayBeList : depth === 1 && key === 'tenants')) onList();
    values.write(token);
  };
  return {
    write: (part: Uint8Array) => tokens.write(part),
    end: () => tokens.end(),
    isWhole: () => values?.isEnded === true,
  };
}

/** Follows the tokens of a file: how deep the next value is, and below which key. */
function placeInJson() {
  let depth = 0;
  let text: unknown;
  let key: unknown;
  return {
    /** The place before this token. */
    see(token: TokenType, value: unknown) {
      const here = { depth, key };
      if (token === TokenType.STRING) text = value;
      if (token === TokenType.COLON && depth === 1) key = text;
      if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) depth += 1;
      if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth -= 1;
      return here;
    },
  };
}

function tenantOf(row: object): string {
  const { tenant, [TENANT]: flat } = row as { tenant?: { id?: unknown } | null; [TENANT]?: unknown };
  const id = flat ?? (typeof tenant === 'object' ? tenant?.id : undefined);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
}

const EDGE = 1024;

/** A document begins and ends as HTML does, and has a table. */
function checkHtml(): FormatCheck {
  let [start, end] = ['', ''];
  let hasTable = false;
  return {
    write(part) {
      const text = Buffer.from(part).toString('latin1');
      if (start.length < EDGE) start += text.slice(0, EDGE);
      end += text;
      hasTable ||= /<table\b/i.test(end);
      end = end.slice(-EDGE);
    },
    end(): FormatResult {
      // the bytes of a byte order mark
      if (!/^(\xEF\xBB\xBF)?\s*<(!doctype html|html)\b/i.test(start))
        return { fault: 'the file is not an HTML document' };
      if (!/<\/html>\s*$/i.test(end)) return { fault: 'the HTML document has no end' };
      if (!hasTable) return { fault: 'the HTML document has no table' };
      return {};
    },
  };
}

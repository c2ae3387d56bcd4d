import { isAcronisError, type AcronisError, type PageCursor } from '../../../acronis/index.js';
import { TenantryError } from '../../../contract/errors.js';
import { Exit } from '../exit-codes.js';
import { findTenant, type Cell, type Scope } from '../../../lookups/index.js';
import { openCloud } from '../clouds.js';
import { stderr, stdout } from '../output.js';
import type { CommonOptions } from './options.js';
import { asCsv, asTable } from './present.js';
import type { Shown } from './shown.js';

interface Answer<Row> {
  rows: readonly Row[];
  json: unknown;
  /** Said on standard error, so that the answer itself can be piped. */
  remarks: readonly string[];
}

/** Looks something up in one tenant of one cloud and shows it. */
export async function runLookup<Filter, Row extends Record<keyof Row, Cell>>(
  shown: Shown<Filter, Row>,
  options: Filter & CommonOptions & PageCursor,
): Promise<number> {
  const { rows, json, remarks } = await explaining(async () => {
    const acronis = await openCloud(options.cloud);
    const scope = { acronis, tenant: await findTenant(acronis, options.tenant) };
    return options.paged ? onePage(shown, scope, options) : fromTheFirst(shown, scope, options);
  });
  if (options.json) stdout(JSON.stringify(json));
  else stdout(options.csv ? asCsv(shown.lookup.fields, rows) : asTable(shown.columns, rows));
  for (const remark of [...(shown.note === undefined ? [] : [shown.note]), ...remarks]) stderr(remark);
  return Exit.done;
}

async function fromTheFirst<Filter, Row extends Record<keyof Row, Cell>>(
  { lookup, limit: usual = Number.POSITIVE_INFINITY }: Shown<Filter, Row>,
  scope: Scope,
  { limit = usual, ...filter }: Filter & CommonOptions,
): Promise<Answer<Row>> {
  const rows: Row[] = [];
  for await (const row of lookup.find(scope, filter as Filter)) {
    if (rows.length === limit)
      return { rows, json: rows, remarks: [`There are more than these ${limit}; --limit shows more.`] };
    rows.push(row);
  }
  return { rows, json: rows, remarks: [] };
}

async function onePage<Filter, Row extends Record<keyof Row, Cell>>(
  { page }: Shown<Filter, Row>,
  scope: Scope,
  { before, after, limit, ...filter }: Filter & CommonOptions & PageCursor,
): Promise<Answer<Row>> {
  const found = await page!(scope, filter as Filter, { before, after, limit });
  const remarks = [
    ...(found.before === undefined ? [] : [`the page before: --before ${found.before}`]),
    ...(found.after === undefined ? [] : [`the page after: --after ${found.after}`]),
  ];
  return { rows: found.items, json: found, remarks };
}

/** Has what the cloud says told so that a person can do something about it. */
export async function explaining<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw isAcronisError(error) ? explained(error) : error;
  }
}

/** What the cloud says, as an error that a person can do something about. */
function explained({ kind, message }: AcronisError): TenantryError {
  switch (kind) {
    case 'unavailable':
    case 'throttled':
    case 'credentials':
    case 'unreadable':
      return new TenantryError('internal', `${message}. "tenantry doctor" looks at each cloud.`);
    case 'not-found':
    case 'forbidden':
    case 'rejected':
    case 'conflict':
    case 'taken':
    case 'quota':
      return new TenantryError('refused', message);
    default:
      return kind satisfies never;
  }
}

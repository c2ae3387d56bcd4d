import { isAcronisError, type AcronisError, type AcronisErrorKind, type PageCursor } from '../../../acronis/index.js';
import { credentialsRefused, TenantryError } from '../../../contract/errors.js';
import { FailureType } from '../../../contract/failures.js';
import { Exit } from '../exit-codes.js';
import { findTenant, type Cell, type Scope } from '../../../lookups/index.js';
import { openCloud } from '../clouds.js';
import { stderr, stdout } from '../output.js';
import type { CommonOptions, LookupCommand } from './lookup-command.js';
import { toCsv, toTable } from './format.js';

interface Answer<Row> {
  rows: readonly Row[];
  json: unknown;
  /** Printed on standard error, so that the answer itself can be piped. */
  remarks: readonly string[];
}

/** Looks something up in one tenant of one cloud and shows it. */
export async function runLookup<Filter, Row extends Record<keyof Row, Cell>>(
  command: LookupCommand<Filter, Row>,
  options: Filter & CommonOptions & PageCursor,
): Promise<number> {
  const { rows, json, remarks } = await explainCloudErrors(async () => {
    const acronis = await openCloud(options.cloud);
    const scope = { acronis, tenant: await findTenant(acronis, options.tenant) };
    return options.paged ? onePage(command, scope, options) : allRows(command, scope, options);
  });
  if (options.json) stdout(JSON.stringify(json));
  else stdout(options.csv ? toCsv(command.lookup.fields, rows) : toTable(command.columns, rows));
  for (const remark of [...(command.note === undefined ? [] : [command.note]), ...remarks]) stderr(remark);
  return Exit.done;
}

async function allRows<Filter, Row extends Record<keyof Row, Cell>>(
  { lookup, limit: usual = Number.POSITIVE_INFINITY }: LookupCommand<Filter, Row>,
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
  { page }: LookupCommand<Filter, Row>,
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

/** Turns the cloud's errors into ones that a person can act on. */
export async function explainCloudErrors<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw isAcronisError(error) ? toTenantryError(error) : error;
  }
}

function toTenantryError({ kind, message }: AcronisError): TenantryError {
  const type = failureTypes[kind];
  switch (kind) {
    case 'credentials':
      return credentialsRefused(message);
    case 'unavailable':
    case 'throttled':
    case 'unreadable':
      return new TenantryError('unavailable', `${message}.`, { type, remedies: [{ do: 'checkClouds' }] });
    case 'not-found':
    case 'forbidden':
    case 'rejected':
    case 'conflict':
    case 'taken':
    case 'quota':
      return new TenantryError('refused', message, { type });
    default:
      return kind satisfies never;
  }
}

const failureTypes: Readonly<Record<AcronisErrorKind, FailureType>> = {
  unavailable: FailureType.Unavailable,
  throttled: FailureType.Throttled,
  credentials: FailureType.Credentials,
  unreadable: FailureType.Unreadable,
  'not-found': FailureType.NotFound,
  forbidden: FailureType.Forbidden,
  rejected: FailureType.Rejected,
  conflict: FailureType.Conflict,
  taken: FailureType.Taken,
  quota: FailureType.Quota,
};

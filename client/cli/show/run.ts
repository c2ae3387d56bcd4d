import type { PageCursor } from '../../../acronis/index.js';
import { Exit } from '../exit-codes.js';
import { explainCloudErrors, findTenant, type Cell, type Scope } from '../../../lookups/index.js';
import { openCloud } from '../clouds.js';
import { stderr, stdout } from '../output.js';
import type { CommonOptions, LookupCommand } from './lookup-command.js';
import { toCsv } from '../../rows-as-csv.js';
import { toTable } from './format.js';

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

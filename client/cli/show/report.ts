import { openArtefacts } from '../../../artefact-store/index.js';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { readReportTable, type ReportRow, type ReportTable } from '../../../acronis/index.js';
import type { KeptReport } from '../../../workflows/produce-report/contract.js';
import { loadArtefacts, loadClientSettings } from '../../../settings/client.js';
import { connect } from '../../connection.js';
import { TenantryError } from '../../../contract/errors.js';
import { Exit } from '../exit-codes.js';
import { operationStatus } from '../../status.js';
import { examples, type Ending } from '../describe.js';
import { stderr, stdout } from '../output.js';
import { commonOptions, type CommonOptions } from './options.js';
import { asCsv, asTable } from './present.js';
import type { Column } from './shown.js';

/** `tenantry show report WHICH`: the rows of a report that was kept. */
export function addReport(show: Command, ending: Ending): void {
  const command = show
    .command('report <which>')
    .description('the rows of a report that was kept: of a run, or a file')
    .addHelpText(
      'after',
      '\nWHICH is the id of a run, the path of a file, or the artefact as a run names it (file:…, s3:…).',
    );
  const taken = ['--limit', '--json', '--csv'];
  for (const option of commonOptions()) if (taken.includes(option.long!)) command.addOption(option);
  command.action(ending((which: string) => showReport(which, command.opts<CommonOptions>())));
  examples(command, 'show report produceReport:own-usage_current-accounts', 'show report usage.csv --csv');
}

async function showReport(which: string, { json, csv, limit = Infinity }: CommonOptions): Promise<number> {
  const table = readReportTable(await contentOf(which));
  if (table === undefined)
    throw new TenantryError('refused', `${which} is no report in CSV or JSON; order it with "format": "csv_v2_0".`);
  const rows = table.rows.slice(0, limit);
  if (json) stdout(JSON.stringify(rows));
  else stdout(csv ? asCsv(table.columns, rows) : asTable(columnsOf(table), rows));
  if (rows.length < table.rows.length)
    stderr(`There are ${table.rows.length - rows.length} more than these ${limit}; --limit shows more.`);
  return Exit.done;
}

/** Of the vendor's many columns those that people read; all of a file that has other ones. */
function columnsOf({ columns }: ReportTable): Column<ReportRow>[] {
  const wanted = ['tenant.name', 'tenant.kind', 'name', 'edition', 'sku', 'measurement_unit'];
  const used = columns.filter((column) => column.startsWith('usage.effective.'));
  if (used.length === 0) return columns.map((column) => ({ heading: column, cell: (row) => row[column] ?? null }));
  const named = columns.includes('tenant.name') ? wanted : ['tenant.id', ...wanted];
  return [...named.filter((column) => columns.includes(column)), ...used].map((column) => ({
    heading: headings[column] ?? column.replace('usage.effective.', '').toUpperCase(),
    cell: (row) => readable(row[column] ?? null),
  }));
}

const headings: Record<string, string> = { 'tenant.name': 'TENANT', 'tenant.kind': 'KIND', measurement_unit: 'UNIT' };

/** GiB come with more digits than anybody reads; JSON and CSV have them all. */
const readable = (cell: string | number | null) => (typeof cell === 'number' ? Math.round(cell * 1000) / 1000 : cell);

async function contentOf(which: string): Promise<string> {
  if (/^(file|s3):/.test(which)) return await contentAt(which);
  if (existsSync(which)) return reading(which, () => readFileSync(which, 'utf8'));
  if (!which.includes(':'))
    throw new TenantryError('refused', `There is no file ${which}; a run's id looks like produceReport:…`);
  return await contentAt(await artefactOf(which));
}

/** Where the run has put its report. */
async function artefactOf(id: string): Promise<string> {
  const settings = loadClientSettings();
  const client = await connect(settings);
  try {
    const status = await operationStatus(client, id, settings.taskQueue);
    const { report } = status as { report?: KeptReport };
    if (report !== undefined) return report.artefact;
    throw new TenantryError('refused', `${id} is ${status.state} and has kept no report.`);
  } finally {
    await client.connection.close();
  }
}

async function contentAt(place: string): Promise<string> {
  if (place.startsWith('file:')) return reading(place, () => readFileSync(fileURLToPath(place), 'utf8'));
  const settings = loadArtefacts();
  if ('folder' in settings)
    throw new TenantryError('refused', `${place} is in a bucket: set TENANTRY_ARTEFACTS_BUCKET as the worker has it.`);
  try {
    return await openArtefacts(settings).get(place);
  } catch (error) {
    throw new TenantryError('internal', `${place}: ${(error as Error).message}`);
  }
}

function reading(place: string, read: () => string): string {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    throw new TenantryError(
      'refused',
      `${place} cannot be read here: ${message}. Ask where the worker runs that has kept it.`,
    );
  }
}

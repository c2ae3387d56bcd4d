import { loadArtefacts } from '../../../settings/client.js';
import { openArtefacts } from '../../../artefact-store/index.js';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readReportTable, type ReportRow, type ReportTable } from '../../../acronis/index.js';
import { withClient } from '../../connection.js';
import { TenantryError } from '../../../contract/errors.js';
import { decodeText } from '../../../contract/text-files.js';
import { Exit } from '../exit-codes.js';
import { artefactOf } from '../../kept-reports.js';
import type { CliCommand } from '../command.js';
import { stderr, stdout } from '../output.js';
import { commonOptions, type CommonOptions, type Column } from './lookup-command.js';
import { toCsv } from '../../rows-as-csv.js';
import { toTable } from './format.js';

/** `tenantry show report WHICH`: the rows of a stored report. */
export function addReport(show: CliCommand): void {
  const command = show
    .command('report <which>')
    .description('the rows of a stored report: of a run, or from a file')
    .handler((which: string, options: CommonOptions) => showReport(which, options))
    .addHelpText(
      'after',
      '\nWHICH is the id of a run, the path of a file, or the artefact that a run names (file:…, s3:…).',
    )
    .examples('show report produceReport:own-usage_current-accounts', 'show report usage.csv --csv');
  const accepted = ['--limit', '--json', '--csv'];
  for (const option of commonOptions()) if (accepted.includes(option.long!)) command.addOption(option);
}

async function showReport(which: string, { json, csv, limit = Infinity }: CommonOptions): Promise<number> {
  const table = readReportTable(await contentOf(which));
  if (table === undefined)
    throw new TenantryError('refused', `${which} is not a report in CSV or JSON; order it with "format": "csv_v2_0".`);
  const rows = table.rows.slice(0, limit);
  if (json) stdout(JSON.stringify(rows));
  else stdout(csv ? toCsv(table.columns, rows) : toTable(columnsOf(table), rows));
  if (rows.length < table.rows.length)
    stderr(`There are ${table.rows.length - rows.length} more than these ${limit}; --limit shows more.`);
  return Exit.done;
}

/** The columns that people read, out of the vendor's many; all columns of any other file. */
function columnsOf({ columns }: ReportTable): Column<ReportRow>[] {
  const wanted = ['tenant.name', 'tenant.kind', 'name', 'edition', 'sku', 'measurement_unit'];
  const used = columns.filter((column) => column.startsWith('usage.effective.'));
  if (used.length === 0) return columns.map((column) => ({ heading: column, cell: (row) => row[column] ?? null }));
  const named = columns.includes('tenant.name') ? wanted : ['tenant.id', ...wanted];
  return [...named.filter((column) => columns.includes(column)), ...used].map((column) => ({
    heading: headings[column] ?? column.replace('usage.effective.', '').toUpperCase(),
    cell: (row) => rounded(row[column] ?? null),
  }));
}

const headings: Record<string, string> = { 'tenant.name': 'TENANT', 'tenant.kind': 'KIND', measurement_unit: 'UNIT' };

/** Rounds amounts in GiB; JSON and CSV keep all digits. */
const rounded = (cell: string | number | null) => (typeof cell === 'number' ? Math.round(cell * 1000) / 1000 : cell);

async function contentOf(which: string): Promise<string> {
  if (/^(file|s3):/.test(which)) return await contentAt(which);
  if (existsSync(which)) return readReport(which, which);
  if (!which.includes(':'))
    throw new TenantryError('refused', `There is no file ${which}; a run's id looks like produceReport:…`);
  return await contentAt(await withClient(async (client, { taskQueue }) => await artefactOf(client, which, taskQueue)));
}

async function contentAt(place: string): Promise<string> {
  if (place.startsWith('file:')) return readReport(place, fileURLToPath(place));
  const settings = loadArtefacts();
  if ('folder' in settings)
    throw new TenantryError('refused', `${place} is in a bucket: set TENANTRY_ARTEFACTS_BUCKET as the worker has it.`);
  try {
    return await openArtefacts(settings).get(place);
  } catch (error) {
    throw new TenantryError('unavailable', `${place}: ${(error as Error).message}`);
  }
}

function readReport(place: string, path: string): string {
  const remedy = existsSync(path) ? '' : ' Run this where the worker runs that has stored it.';
  try {
    return decodeText(readFileSync(path));
  } catch (error) {
    throw new TenantryError('refused', `${place} cannot be read here: ${(error as Error).message}.${remedy}`);
  }
}

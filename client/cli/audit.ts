import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Option } from 'commander';
import { auditFields, AuditReader, type AuditRow } from '../../catalogue/audit-lines.js';
import { TenantryError } from '../../contract/errors.js';
import { whyUnreadable } from '../../settings/unreadable.js';
import { loadAuditLogPath } from '../../settings/http-api.js';
import { toCsv } from '../rows-as-csv.js';
import type { CliCommand, JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';
import { table } from './table.js';
import { parseSince } from './show/lookup-command.js';

interface AuditOptions extends JsonOption {
  since?: Date;
  key?: string;
  id?: string;
  csv?: boolean;
}

/** `tenantry audit`: what was changed over the HTTP API, and by whom. */
export function addAudit(top: CliCommand): void {
  top
    .command('audit [file]')
    .description('what was changed over the HTTP API, by which key; from the file of TENANTRY_AUDIT_LOG')
    .addOption(new Option('--since <when>', 'only what came since: a duration or a date').argParser(parseSince))
    .option('--key <name>', 'only what this key has sent')
    .option('--id <id>', 'only what this run or customer was told')
    .json()
    .addOption(new Option('--csv', 'answer in CSV, with every field').conflicts('json'))
    .handler(audit)
    .exitCodes('0 done, 2 the file cannot be read')
    .examples('audit --since "7 days"', 'audit --key shop --csv > shop.csv', 'audit /var/log/tenantry/audit.jsonl.1');
}

async function audit(file: string | undefined, { since, key, id, csv, json }: AuditOptions): Promise<number> {
  const reader = await readAuditLog(file ?? auditLogPath());
  const rows = reader.rows.filter(
    (row) =>
      (since === undefined || Date.parse(row.at) >= since.getTime()) &&
      (key === undefined || row.key === key) &&
      (id === undefined || row.id === id),
  );
  if (json) stdout(JSON.stringify(rows));
  else stdout(csv ? toCsv(auditFields, rows) : textOf(rows));
  if (reader.unreadable > 0)
    stderr(`Lines that are left out, because they are not of an audit log: ${reader.unreadable}`);
  return Exit.done;
}

function textOf(rows: readonly AuditRow[]): string {
  if (rows.length === 0) return 'nothing';
  return table(
    ['AT', 'KEY', 'WHAT', 'ID', 'OUTCOME', 'STATUS'],
    rows.map(({ at, key, what, id, outcome, status }) => [at, key, what, id ?? '', outcome, String(status ?? '')]),
  );
}

async function readAuditLog(path: string): Promise<AuditReader> {
  const reader = new AuditReader();
  try {
    for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) reader.read(line);
    return reader;
  } catch (error) {
    throw new TenantryError('refused', `The audit log ${path} ${whyUnreadable(error as Error)}.`);
  }
}

function auditLogPath(): string {
  const path = loadAuditLogPath();
  if (path !== undefined) return path;
  throw new TenantryError(
    'refused',
    'TENANTRY_AUDIT_LOG: is missing; set it as the gateway has it, or name a file: tenantry audit audit.jsonl',
  );
}

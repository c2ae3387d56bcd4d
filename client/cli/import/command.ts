import type { Client } from '@temporalio/client';
import { openArtefacts } from '../../../artefact-store/index.js';
import { sha256Of, textOfRows } from '../../../catalogue/imported-rows.js';
import { TenantryError } from '../../../contract/errors.js';
import { storedRowsName } from '../../../contract/imported-rows.js';
import { defaultRollout } from '../../../contract/rollout.js';
import type { SalesPlans } from '../../../sales-plans/plans-file.js';
import { loadArtefacts, type ClientSettings } from '../../../settings/client.js';
import type { Source } from '../../../sources/sources-file.js';
import { sealText } from '../../../vault/index.js';
import { withClient } from '../../connection.js';
import { beginImport, type ImportOrder } from '../../imports.js';
import type { CliCommand, JsonOption, ReasonOptions } from '../command.js';
import { createCounter } from '../counter.js';
import { loadPlans, loadSources } from '../event-files.js';
import { Exit } from '../exit-codes.js';
import { stderr, stdout } from '../output.js';
import { nameOf } from '../parsers.js';
import { FOLLOWED_EXIT_CODES } from '../rollout.js';
import { addRolloutOptions, type RolloutOptions } from '../rollout-options.js';
import { followImport, showResults } from './follow.js';
import { importPlanText, planImport } from './plan.js';
import { resultPath } from './result-file.js';
import { readRowsFile, type NumberedRow } from './rows-file.js';

interface ImportOptions extends JsonOption, Partial<ReasonOptions>, Omit<RolloutOptions, 'only' | 'all'> {
  source: string;
  plan?: boolean;
  retry?: boolean;
  result?: string;
  actor: string;
}

/** Columns that are named as not read. */
const MOST_NAMED = 20;

/** The command that imports many customers from a file. */
export function addImport(top: CliCommand): void {
  const command = top
    .command('import <file>')
    .description(
      'import customers from a CSV file: a few first, and the others once these are as sold; - is standard input',
    )
    .option('--source <name>', 'the source of the kind csv, from sources.json', 'csv')
    .option('--plan', 'show what would be done for each row, and change nothing')
    .option('--retry', 'begin once more with the rows that failed')
    .option('--result <file>', 'where the outcome of each row goes, .csv or .json; beside the file by default');
  addRolloutOptions(command)
    .reasonUnlessGiven('import of <file>')
    .json()
    .handler(importFile)
    .exitCodes(`${FOLLOWED_EXIT_CODES}; with --plan 0 shown`)
    .examples(
      'import customers.csv --plan',
      'import customers.csv',
      'import customers.csv --canary 5 --at-once 20 --result outcome.json',
      'import customers.csv --retry --reason "names are complete now"',
    );
}

/** Everything that is read before anybody is asked. */
interface Prepared {
  rows: readonly NumberedRow[];
  source: Source;
  plans: SalesPlans;
}

async function importFile(file: string, options: ImportOptions): Promise<number> {
  if (options.plan && options.retry) throw new TenantryError('refused', 'Give either --plan or --retry.');
  const result = options.plan ? '' : await resultPath(file, options.result);
  const prepared = await prepare(file, options);
  return await withClient(async (client, settings) =>
    options.plan
      ? await showPlan(client, prepared, { ...options, taskQueue: settings.taskQueue })
      : await run(client, prepared, { ...options, file, result, settings }),
  );
}

async function prepare(file: string, { source: name }: ImportOptions): Promise<Prepared> {
  const source = await csvSource(name);
  const { content: plans } = await loadPlans();
  const { rows, unread } = await readRowsFile(file, { source: name, timezone: source.timezone, plans });
  if (unread.length > 0) stderr(`columns that are not read: ${unreadText(unread)}`);
  return { rows, source, plans };
}

function unreadText(unread: readonly string[]): string {
  const rest = unread.length - MOST_NAMED;
  return [...unread.slice(0, MOST_NAMED), ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

async function csvSource(name: string): Promise<Source> {
  const { path, content: sources } = await loadSources();
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source?.kind === 'csv') return source;
  const remedy = `give ${path} a source of this kind, such as "csv": {"kind": "csv"}, for the workers, too`;
  const ofFiles = Object.keys(sources).filter((one) => sources[one]!.kind === 'csv');
  const how = ofFiles.length === 0 ? `: ${remedy}` : `; those of the kind csv: ${ofFiles.join(', ')}`;
  const why = source === undefined ? `There is no source ${name}` : `${name} is of the kind ${source.kind}, not csv`;
  throw new TenantryError('refused', `${why}${how}.`);
}

async function showPlan(
  client: Client,
  { rows, source, plans }: Prepared,
  { source: name, json, taskQueue }: ImportOptions & { taskQueue: string },
): Promise<number> {
  const counter = createCounter(process.stderr);
  const onRead = (done: number) => counter.show(done, `${done} of ${rows.length} rows looked up`);
  const asked = { name, source, plans, taskQueue, onRead };
  const planned = await planImport(client, rows, asked).finally(() => counter.end());
  stdout(json ? JSON.stringify({ rows: planned }) : importPlanText(planned));
  return Exit.done;
}

interface Running extends ImportOptions {
  file: string;
  result: string;
  settings: ClientSettings;
}

async function run(client: Client, prepared: Prepared, running: Running): Promise<number> {
  const { file, settings, retry = false } = running;
  const { taskQueue } = settings;
  const { id, as, status } = await beginImport(client, taskQueue, orderOf(prepared, running));
  const shown = { ...running, id, taskQueue, cloud: prepared.source.cloud, rows: prepared.rows };
  if (as !== 'nothing') {
    stderr(`${said[as]} ${id} for ${prepared.rows.length} rows; it goes on by itself when this command is stopped`);
    return await followImport(client, shown);
  }
  stderr(`Every row of ${nameOf(file)} has come out before: nothing is started.`);
  if (status!.counts.failed > 0 && !retry) stderr('Begin once more with those that failed: give --retry.');
  return await showResults(client, status!, shown);
}

const said = { started: 'started', resumed: 'goes on:', joined: 'under way:', retried: 'retries:' } as const;

function orderOf({ rows, source: { cloud } }: Prepared, running: Running): ImportOrder {
  const { file, source, settings, canary, atOnce, actor, retry = false } = running;
  const { maxFailures = defaultRollout.maxFailures, reason = `import of ${nameOf(file)}` } = running;
  const text = textOfRows(rows.map(({ row }) => row));
  const sha256 = sha256Of(text);
  return {
    ...(cloud !== undefined && { cloud }),
    refs: rows.map(({ row }) => row.customer.ref),
    rows: { source, sha256, at: new Date().toISOString() },
    store: async () => await keep(sealText(settings.keys, text, sha256), sha256),
    canary,
    atOnce,
    maxFailures,
    actor,
    reason,
    retry,
  };
}

/** Rows are personal data: they are kept until the import has ended, and encrypted where histories are. */
async function keep(text: string, sha256: string): Promise<string> {
  const file = { name: storedRowsName(sha256), content: once(Buffer.from(text)), type: 'text/plain' };
  try {
    return await openArtefacts(loadArtefacts()).put(file);
  } catch (error) {
    throw new TenantryError('unavailable', `The rows cannot be kept for the workers: ${(error as Error).message}.`);
  }
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

import { Option } from 'commander';
import { operationStates } from '../../contract/status.js';
import { withClient } from '../connection.js';
import { withBlocks, type ListedRun } from '../list.js';
import { newestRuns, type NewestOptions } from '../newest-runs.js';
import { toCsv } from '../rows-as-csv.js';
import type { CliCommand, ListForm } from './command.js';
import { Exit } from './exit-codes.js';
import { blockedText, runsTable } from './format.js';
import { operationNamed } from './operation-named.js';
import { stderr, stdout } from './output.js';
import { explainError } from './remedies.js';
import { parsePositive, parseSince } from './show/lookup-command.js';

/** As many as a person looks at; a program gets all. */
const ON_A_TERMINAL = 100;

const FIELDS = [
  'id',
  'runId',
  'operation',
  'state',
  'reason',
  'step',
  'tenantId',
  'externalRef',
  'waitsFor',
  'startedAt',
  'closedAt',
] as const satisfies readonly (keyof ListedRun)[];

/** `tenantry list` */
export function addList(top: CliCommand): void {
  top
    .command('list')
    .description('list the runs, the newest first')
    .addOption(new Option('--state <state>', 'only runs in this state').choices(operationStates))
    .option('--customer <id>', 'all runs of one customer: its tenant id, external reference, business key or name')
    .option('--operation <name>', 'only runs of this operation')
    .addOption(new Option('--since <when>', 'only runs that started since: "2 hours" or a date').argParser(parseSince))
    .addOption(
      new Option('--before <when>', 'only runs that started before; gives the next page').argParser(parseSince),
    )
    .option('--limit <n>', `at most this many; ${ON_A_TERMINAL} on a terminal unless given, else all`, parsePositive)
    .list()
    .quiet('the id of each run')
    .handler(list)
    .exitCodes('0 listed, also when there are none; 1 Temporal does not answer; 2 usage refused')
    .examples(
      'list --state blocked',
      'list --customer customer-inc --json',
      'list --operation provisionCustomer --since "1 day" --csv > runs.csv',
      'list --state failed --limit 20',
    );
}

async function list({ json, csv, quiet, ...filter }: NewestOptions & ListForm): Promise<number> {
  const operation = filter.operation === undefined ? undefined : operationNamed(filter.operation).name;
  const isRead = process.stdout.isTTY && !json && !csv && !quiet;
  const limit = filter.limit ?? (isRead ? ON_A_TERMINAL : undefined);
  return await withClient(async (client, { taskQueue }) => {
    const { runs, older } = await newestRuns(client, { ...filter, operation, limit });
    if (quiet) for (const { id } of runs) stdout(id);
    else if (csv) stdout(toCsv(FIELDS, runs.map(toRow)));
    else if (filter.state === 'blocked') {
      const blocked = await withBlocks(client, runs, taskQueue, explainError);
      stdout(json ? JSON.stringify(blocked) : blockedText(blocked));
    } else stdout(json ? JSON.stringify(runs) : runsTable(runs));
    if (older !== undefined) stderr(`Older ones are not shown; the next page: --before ${older}`);
    return Exit.done;
  });
}

/** CSV has no absent fields. */
function toRow(run: ListedRun): Record<(typeof FIELDS)[number], string | null> {
  return Object.fromEntries(FIELDS.map((field) => [field, run[field] ?? null])) as never;
}

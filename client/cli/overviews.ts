import { Option } from 'commander';
import { withClient } from '../connection.js';
import { Overviews, type Overview } from '../overview/overviews.js';
import { overviewCsv, overviewTables } from '../overview/tables.js';
import type { CliCommand, JsonOption } from './command.js';
import { createCounter } from './counter.js';
import { loadSources } from './event-files.js';
import { Exit } from './exit-codes.js';
import { calendarText, changesText, reconcileText, sourcesText } from './overview-text.js';
import { stderr, stdout } from './output.js';
import { parseDays } from './parsers.js';
import { parsePositive, sinceOption } from './show/lookup-command.js';
import { readableSources } from './source-sync.js';

interface FormOptions extends JsonOption {
  csv?: boolean;
}

const EXIT_CODES =
  '0 shown, also when a part is missing (standard error says which); 1 Temporal or a worker does not answer; 2 usage refused';

/** The commands that show what an operator looks at in the morning. */
export function addOverviews(top: CliCommand): void {
  withForms(
    top
      .command('calendar')
      .description('what comes: suspensions, deletions, ends of trials, each with what would stop it')
      .addOption(new Option('--days <n>', 'how many days ahead').argParser(parseDays).default(7)),
  )
    .handler(calendar)
    .exitCodes(EXIT_CODES)
    .examples('calendar', 'calendar --days 30 --csv');
  withForms(
    top
      .command('reconcile')
      .description('where what is sold and what is there do not agree; a worker lists the tenants of each cloud'),
  )
    .handler(reconcile)
    .exitCodes(EXIT_CODES)
    .examples('reconcile', 'reconcile --csv > reconcile.csv');
  withForms(
    top
      .command('changes')
      .description('what was done, for whom, and by which event or person; newest first')
      .addOption(sinceOption())
      .option('--limit <n>', 'show at most this many', parsePositive),
  )
    .handler(changes)
    .exitCodes(EXIT_CODES)
    .examples('changes --since "1 day"', 'changes --since 2026-12-01 --json');
}

/** `tenantry sources status`, below the command `sources`. */
export function addSourceStatus(sources: CliCommand): void {
  withForms(
    sources
      .command('status')
      .description(
        'the last event and the last listing of each source, and whether it is silent for longer than usual; signatures are known to each gateway alone (GET /v1/sources)',
      ),
  )
    .handler(sourceStatus)
    .exitCodes(EXIT_CODES)
    .examples('sources status', 'sources status --json');
}

function withForms(command: CliCommand): CliCommand {
  return command.list();
}

/** `tenantry calendar` */
async function calendar({ days, ...form }: FormOptions & { days: number }): Promise<number> {
  const found = await ask(async (overviews) => await overviews.calendar(days));
  return show(found, form, overviewTables.calendar, (items) => calendarText(items, days));
}

/** `tenantry reconcile` */
async function reconcile(form: FormOptions): Promise<number> {
  const found = await ask(async (overviews) => await overviews.reconcile());
  const code = show(found, form, overviewTables.reconcile, reconcileText);
  if (!form.json) for (const one of found.notCompared) stderr(`Not compared: ${one}`);
  return code;
}

/** `tenantry changes` */
async function changes({ since, limit = Infinity, ...form }: FormOptions & { since: Date; limit?: number }) {
  const found = await ask(async (overviews) => await overviews.changes({ since, limit }));
  const code = show(found, form, overviewTables.changes, changesText);
  if (found.next !== undefined) stderr(`There are more than these ${limit}; --limit shows more.`);
  return code;
}

/** `tenantry sources status` */
async function sourceStatus(form: FormOptions): Promise<number> {
  const { content } = await loadSources();
  const listed = new Set(readableSources(content));
  const sources = Object.entries(content).map(([name, { kind, act, mode }]) => {
    return { name, kind, act, mode, isListed: listed.has(name) };
  });
  const found = await ask(async (overviews) => await overviews.sources(sources));
  return show(found, form, overviewTables.sources, sourcesText);
}

/** A person at the terminal waits until every customer is asked. */
async function ask<Found>(read: (overviews: Overviews) => Promise<Found>): Promise<Found> {
  return await withClient(async (client, { taskQueue }) => {
    const counter = createCounter(process.stderr);
    const onRead = (done: number, all: number) => counter.show(done, `asked ${done} of ${all} customers`);
    try {
      return await read(new Overviews(client, taskQueue, { onRead }));
    } finally {
      counter.end();
    }
  });
}

/** What is missing is no part of the table. */
function show<Item>(
  found: Overview<Item>,
  { json, csv }: FormOptions,
  table: Parameters<typeof overviewCsv<Item>>[0],
  text: (items: readonly Item[]) => string,
): number {
  if (json) stdout(JSON.stringify(found));
  else stdout(csv ? overviewCsv(table, found.items).slice(0, -1) : text(found.items));
  if (!json) for (const one of found.missing) stderr(one);
  return Exit.done;
}

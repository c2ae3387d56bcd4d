import type { Client } from '@temporalio/client';
import { listRuns } from '../vault/list-runs.js';
import { quoted } from './list-filter.js';
import { listOperations, queryOf, toListedRun, type ListedRun } from './list.js';

export interface NewestOptions {
  state?: string | undefined;
  /** A tenant id, the caller's own reference, the business key or the name: all runs at that tenant, under any id. */
  customer?: string | undefined;
  /** Only runs of this one. */
  operation?: string | undefined;
  /** Only runs that started then or later. */
  since?: Date | undefined;
  /** Only runs that started earlier. */
  before?: Date | undefined;
  /** So many runs, and those that started in the same millisecond as the last of them; all without it. */
  limit?: number | undefined;
}

export interface NewestRuns {
  runs: ListedRun[];
  /** As `before` it gives the next page; absent when these are all. */
  older?: string;
}

/**
 * The runs that started last, the newest first. Runs that started in the same millisecond are on the same page, so pages
 * neither repeat nor skip one. Changes nothing.
 */
export async function newestRuns(client: Client, options: NewestOptions): Promise<NewestRuns> {
  const { customer, limit } = options;
  const found = customer === undefined ? await runsOfAll(client, options) : await runsOfCustomer(client, options);
  return firstOf(found, limit);
}

function firstOf(found: readonly ListedRun[], limit = Number.POSITIVE_INFINITY): NewestRuns {
  const sorted = found.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  const last = sorted[limit - 1];
  const runs = last === undefined ? sorted : sorted.filter(({ startedAt }) => startedAt >= last.startedAt);
  return { runs, ...(last !== undefined && runs.length < sorted.length && { older: last.startedAt }) };
}

/** A customer has few runs, but they are found in several ways. */
async function runsOfCustomer(client: Client, { state, customer, ...only }: NewestOptions): Promise<ListedRun[]> {
  const { operation, since, before } = only;
  return (await listOperations(client, { state, customer })).filter(
    (run) =>
      (operation === undefined || run.operation === operation) &&
      (since === undefined || run.startedAt >= since.toISOString()) &&
      (before === undefined || run.startedAt < before.toISOString()),
  );
}

const FIRST_WINDOW_MS = 60_000;
const GROWTH = 8;
/** The last of so many windows is three weeks long; what is older is asked for at once. */
const WINDOWS = 6;

/**
 * The service lists by the time at which runs closed. So it is asked for those that started within the last minute, then
 * in longer and longer times before, until there is one more than `limit`.
 */
async function runsOfAll(client: Client, options: NewestOptions): Promise<ListedRun[]> {
  const { since, limit } = options;
  const found: ListedRun[] = [];
  let until = options.before;
  let from = (until ?? new Date()).getTime();
  const windows = limit === undefined ? 0 : WINDOWS;
  for (let nth = 0; nth < windows; nth += 1) {
    from -= FIRST_WINDOW_MS * GROWTH ** nth;
    if (since !== undefined && from <= since.getTime()) break;
    const window = { since: new Date(from), before: until };
    found.push(...(await runsWithin(client, options, window)));
    if (firstOf(found, limit).older !== undefined) return found;
    until = window.since;
  }
  return [...found, ...(await runsWithin(client, options, { since, before: until }))];
}

async function runsWithin(
  client: Client,
  { state, operation }: NewestOptions,
  { since, before }: Pick<NewestOptions, 'since' | 'before'>,
): Promise<ListedRun[]> {
  const query = [
    queryOf({ state }),
    ...(operation === undefined ? [] : [`WorkflowType = ${quoted(operation)}`]),
    ...(since === undefined ? [] : [`StartTime >= ${quoted(since.toISOString())}`]),
    ...(before === undefined ? [] : [`StartTime < ${quoted(before.toISOString())}`]),
  ].join(' AND ');
  const runs: ListedRun[] = [];
  for await (const run of listRuns(client, query)) runs.push(toListedRun(run));
  return runs;
}

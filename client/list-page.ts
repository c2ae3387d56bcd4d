import type { Client } from '@temporalio/client';
import { pageOfRuns } from '../vault/list-runs.js';
import { quoted } from './list-filter.js';
import { listOperations, queryOf, toListedRun, type ListedRun } from './list.js';
import { fromPosition, sliceOf, toPosition } from './page-position.js';

export interface PageOptions {
  state?: string | undefined;
  customer?: string | undefined;
  /** Only runs of these; all without it. */
  operations?: readonly string[] | undefined;
  /** How many runs at most. */
  limit: number;
  /** The `next` of the page before. */
  after?: string | undefined;
}

export interface Page {
  items: ListedRun[];
  /** Continues the list; absent at its end. */
  next?: string;
}

/**
 * A part of the list of runs: open ones first, then those that closed last. No run that was there at the first page is
 * missing; one that closes while somebody turns the pages may be there twice. Refused when `after` is not what a page has
 * given. Changes nothing.
 */
export async function listPage(client: Client, options: PageOptions): Promise<Page> {
  return options.customer === undefined ? await pageOfAll(client, options) : await pageOfCustomer(client, options);
}

async function pageOfAll(client: Client, { state, operations, limit, after }: PageOptions): Promise<Page> {
  const only = operations === undefined ? [] : [`WorkflowType IN (${operations.map(quoted).join(', ')})`];
  const query = [queryOf({ state }), ...only].join(' AND ');
  const position = after === undefined ? undefined : fromPosition(after);
  const { runs, next } = await pageOfRuns(client, { query, size: limit, after: position });
  return { items: runs.map(toListedRun), ...(next && { next: toPosition(next) }) };
}

/** A customer has few runs, but they are found in several ways. */
async function pageOfCustomer(client: Client, { operations, limit, after, ...filter }: PageOptions): Promise<Page> {
  const runs = await listOperations(client, filter);
  return sliceOf(
    runs.filter(({ operation }) => operations?.includes(operation) ?? true),
    { limit, after },
  );
}

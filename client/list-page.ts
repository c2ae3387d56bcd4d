import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';
import { pageOfRuns } from '../vault/list-runs.js';
import { quoted } from './list-filter.js';
import { listOperations, queryOf, toListedRun, type ListedRun } from './list.js';

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
  const position = after === undefined ? undefined : positionOf(after);
  const { runs, next } = await pageOfRuns(client, { query, size: limit, after: position });
  return { items: runs.map(toListedRun), ...(next && { next: textOf(next) }) };
}

/** The service repeats a call with a position that it has not given for many seconds, so a wrong one is noticed here. */
function textOf(position: Uint8Array): string {
  return `${checksum(position)}.${Buffer.from(position).toString('base64url')}`;
}

function positionOf(text: string): Uint8Array {
  const [sum, rest = ''] = text.split('.');
  const position = Buffer.from(rest, 'base64url');
  if (sum !== checksum(position)) throw notOfAPage();
  return position;
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}

/** A customer has few runs, but they are found in several ways. */
async function pageOfCustomer(
  client: Client,
  { operations, limit, after = '0', ...filter }: PageOptions,
): Promise<Page> {
  if (!/^\d{1,9}$/.test(after)) throw notOfAPage();
  const runs = await listOperations(client, filter);
  const all = runs.filter(({ operation }) => operations?.includes(operation) ?? true);
  const end = Number(after) + limit;
  return { items: all.slice(Number(after), end), ...(end < all.length && { next: String(end) }) };
}

function notOfAPage(): TenantryError {
  return new TenantryError('refused', 'after: must be the "next" of the page before');
}

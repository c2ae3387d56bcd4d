import type { Client } from '@temporalio/client';
import { FailureType } from '../contract/failures.js';
import { tenantryReason } from '../contract/search-attributes.js';
import { listRuns, pageOfRuns } from '../vault/list-runs.js';
import { productCondition, quoted } from './list-filter.js';
import { listOperations, toListedRun, type ListedRun } from './list.js';
import { livingPollers } from './workers.js';

/** More open runs than this are not shown one by one. */
export const MOST_OPEN = 500;
const MOST_CLOSED = 25;
/** What is left over is shown this long after the run has closed. */
const LEFTOVER_DAYS = 14;

/** What is going on, from Temporal's search: no worker is asked. */
export interface Board {
  /** Open runs; at most `MOST_OPEN`. */
  open: ListedRun[];
  /** True when there are more. */
  hasMore: boolean;
  /** The last that have closed. */
  closed: ListedRun[];
  /** Those that have left something behind which a person must remove. */
  leftovers: ListedRun[];
  /** How many workers take tasks. */
  workers: number;
}

interface BoardFilter {
  taskQueue: string;
  /** Only runs of these operations; all without it. */
  operations?: readonly string[] | undefined;
  now: Date;
}

/** Reads the board. Changes nothing. */
export async function readBoard(client: Client, { taskQueue, operations, now }: BoardFilter): Promise<Board> {
  const base = [productCondition(), ...ofOperations(operations)].join(' AND ');
  const page = async (condition: string, size: number) =>
    await pageOfRuns(client, { query: `${base} AND ${condition}`, size });
  const since = new Date(now.getTime() - LEFTOVER_DAYS * 86_400_000).toISOString();
  const [open, closed, leftovers, pollers] = await Promise.all([
    page("ExecutionStatus = 'Running'", MOST_OPEN),
    page("ExecutionStatus != 'Running'", MOST_CLOSED),
    page(
      `ExecutionStatus != 'Running' AND ${tenantryReason.name} = ${quoted(FailureType.Leftovers)} AND CloseTime > ${quoted(since)}`,
      MOST_CLOSED,
    ),
    livingPollers(client, taskQueue),
  ]);
  return {
    open: open.runs.map(toListedRun),
    hasMore: open.next !== undefined,
    closed: closed.runs.map(toListedRun),
    leftovers: leftovers.runs.map(toListedRun),
    workers: pollers.length,
  };
}

/** The runs that a person looks for: by the id of one, or by tenant id, reference, key or name of the customer. */
export async function searchRuns(
  client: Client,
  { search, operations }: { search: string; operations?: readonly string[] | undefined },
): Promise<ListedRun[]> {
  const runs = await listOperations(client, { customer: search });
  const exact = runs.some(({ id }) => id === search) ? [] : await runsOf(client, search);
  return [...exact, ...runs].filter(({ operation }) => operations?.includes(operation) ?? true);
}

async function runsOf(client: Client, id: string): Promise<ListedRun[]> {
  const runs: ListedRun[] = [];
  for await (const run of listRuns(client, `${productCondition()} AND WorkflowId = ${quoted(id)}`))
    runs.push(toListedRun(run));
  return runs;
}

function ofOperations(operations: readonly string[] | undefined): string[] {
  return operations === undefined ? [] : [`WorkflowType IN (${operations.map(quoted).join(', ')})`];
}

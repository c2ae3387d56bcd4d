import type { Client } from '@temporalio/client';
import { FailureType } from '../contract/failures.js';
import { tenantryReason } from '../contract/search-attributes.js';
import { listRuns, pageOfRuns } from '../vault/list-runs.js';
import { productCondition, quoted } from './list-filter.js';
import { listOperations, toListedRun, type ListedRun } from './list.js';
import { livingPollers } from './workers.js';

/** More open runs than this are not shown one by one. */
export const MOST_OPEN = 500;
/** So many closed runs are shown. */
export const MOST_CLOSED = 25;
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
  /** How many closed runs at most; and of those that have left something behind. */
  mostClosed?: number;
  now: Date;
}

/** Reads the board. Changes nothing. */
export async function readBoard(
  client: Client,
  { taskQueue, operations, now, mostClosed = MOST_CLOSED }: BoardFilter,
): Promise<Board> {
  const base = [productCondition(), ...ofOperations(operations)].join(' AND ');
  const page = async (condition: string, size: number) =>
    await pageOfRuns(client, { query: `${base} AND ${condition}`, size });
  const since = new Date(now.getTime() - LEFTOVER_DAYS * 86_400_000).toISOString();
  const [open, closed, leftovers, pollers] = await Promise.all([
    page("ExecutionStatus = 'Running'", MOST_OPEN),
    page("ExecutionStatus != 'Running'", mostClosed),
    page(
      `ExecutionStatus != 'Running' AND ${tenantryReason.name} = ${quoted(FailureType.Leftovers)} AND CloseTime > ${quoted(since)}`,
      mostClosed,
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

/** How many of the runs that closed last are looked through for a part of a name. */
const MOST_LOOKED_THROUGH = 200;

export interface FoundRuns {
  exact: ListedRun[];
  others: ListedRun[];
}

/**
 * The runs that a person may look for: `exact` are those whose id, tenant id, reference or key it is, `others` those among
 * which a part of a name can be looked for. Changes nothing.
 */
export async function searchRuns(
  client: Client,
  { search, operations }: { search: string; operations?: readonly string[] | undefined },
): Promise<FoundRuns> {
  const isOurs = ({ operation }: ListedRun) => operations?.includes(operation) ?? true;
  const base = [productCondition(), ...ofOperations(operations)].join(' AND ');
  const [byId, byCustomer, last] = await Promise.all([
    runsOf(client, search),
    listOperations(client, { customer: search }),
    pageOfRuns(client, { query: base, size: MOST_OPEN + MOST_LOOKED_THROUGH }),
  ]);
  const exact = new Map([...byId, ...byCustomer].filter(isOurs).map((run) => [run.runId, run]));
  const others = last.runs.map(toListedRun).filter(({ runId }) => !exact.has(runId));
  return { exact: [...exact.values()], others };
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

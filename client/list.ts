import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { listRuns, decryptionProblemIn } from '../vault/list-runs.js';
import {
  acronisTenantId,
  externalRef,
  tenantryReason,
  tenantryState,
  tenantryStep,
} from '../contract/search-attributes.js';
import {
  operationStates,
  WAITING_MEMO,
  type Blocked,
  type OperationStatus,
  type WaitingFor,
} from '../contract/status.js';
import { decryptionMessage } from '../vault/encryption.js';
import { TenantryError } from '../contract/errors.js';
import { inBatches } from './batches.js';
import { customerConditions, productCondition, quoted } from './list-filter.js';
import { operationStatus } from './status.js';

/** Puts an error into words for the users of the calling interface. */
export type ExplainError = (error: TenantryError) => string;

/** One run in a list, from Temporal's search: no worker is asked. */
export interface ListedRun {
  id: string;
  runId: string;
  operation: string;
  state: string;
  reason?: string;
  /** The step at which it is blocked. */
  step?: string;
  tenantId?: string;
  externalRef?: string;
  /** The run it waits for, which has the turn at the same tenant. */
  waitsFor?: string;
  /** Why its memo or status cannot be read, and what to do about it. */
  unanswered?: string;
  startedAt: string;
  closedAt?: string;
}

/** A listed run with what it waits for, or why that is not known (`unanswered`). */
export interface BlockedRun extends ListedRun {
  blocked?: Blocked;
}

export interface ListOptions {
  state?: string | undefined;
  /** A tenant id, the caller's own reference, the business key or the name: all runs at that tenant, under any id. */
  customer?: string | undefined;
  /** Only runs that are open, or have closed since then. */
  openSince?: Date | undefined;
}

/** The runs of this product, newest first. Changes nothing. */
export async function listOperations(client: Client, filter: ListOptions): Promise<ListedRun[]> {
  const base = queryOf(filter);
  const { customer } = filter;
  if (customer === undefined) return await runsOf(client, base);
  const found = new Map<string, ListedRun>();
  for (const condition of await customerConditions(client, customer))
    for (const run of await runsOf(client, `${base} AND ${condition}`)) found.set(run.runId, run);
  return [...found.values()].toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
}

async function runsOf(client: Client, query: string): Promise<ListedRun[]> {
  const runs: ListedRun[] = [];
  for await (const run of listRuns(client, query)) runs.push(toListedRun(run));
  return runs;
}

/** A run of Temporal's search as a list shows it. */
export function toListedRun(run: Omit<WorkflowExecutionInfo, 'raw'>): ListedRun {
  const text = (key: Parameters<typeof run.typedSearchAttributes.get>[0]) =>
    run.typedSearchAttributes.get(key) as string | undefined;
  const optional = {
    reason: text(tenantryReason),
    step: text(tenantryStep),
    tenantId: text(acronisTenantId),
    externalRef: text(externalRef),
    waitsFor: run.status.name === 'RUNNING' ? waitingOf(run.memo)?.waitsFor : undefined,
    unanswered: unreadableMemo(run),
  };
  return {
    id: run.workflowId,
    runId: run.runId,
    operation: run.type,
    state: stateOf(run.status.name, text(tenantryState)),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as object),
    startedAt: run.startTime.toISOString(),
    ...(run.closeTime === undefined ? {} : { closedAt: run.closeTime.toISOString() }),
  };
}

function unreadableMemo({ workflowId, memo }: Pick<WorkflowExecutionInfo, 'workflowId' | 'memo'>): string | undefined {
  const why = decryptionProblemIn(memo);
  return why === undefined ? undefined : decryptionMessage(workflowId, why);
}

/** What a run that waits for its turn has written into its memo. */
function waitingOf(memo: Record<string, unknown> | undefined): WaitingFor | undefined {
  return (memo?.[WAITING_MEMO] as WaitingFor | null | undefined) ?? undefined;
}

/** Blocked runs with what each waits for. When a run cannot answer, `unanswered` says why. */
export async function withBlocks(
  client: Client,
  runs: readonly ListedRun[],
  taskQueue: string,
  explain?: ExplainError,
): Promise<BlockedRun[]> {
  const asked = await withStatuses(runs, async ({ id }) => await operationStatus(client, id, taskQueue), explain);
  return asked.map(({ status, ...run }) => (status?.state === 'blocked' ? { ...run, blocked: status.blocked } : run));
}

/** Asks every run for its status, a few at a time. When one cannot answer, `explain` says why in `unanswered`. */
export async function withStatuses<Run extends ListedRun>(
  runs: readonly Run[],
  ask: (run: Run) => Promise<OperationStatus>,
  explain: ExplainError = ({ message }) => message,
): Promise<(Run & { status?: OperationStatus })[]> {
  const withStatus = async (run: Run) => {
    try {
      const status = await ask(run);
      return { ...run, state: status.state, status };
    } catch (error) {
      if (!(error instanceof TenantryError)) throw error;
      return { ...run, unanswered: explain(error) };
    }
  };
  return await inBatches<Run, Run & { status?: OperationStatus }>(runs, withStatus);
}

/** A run that was ended from outside could not set its own state; one that no worker has picked up has none yet. */
function stateOf(status: string, said: string | undefined): string {
  if (status === 'TERMINATED' || status === 'TIMED_OUT') return 'failed';
  return said ?? (status === 'CANCELLED' ? 'cancelled' : 'running');
}

/** The condition that `stateOf` gives this state. */
function stateCondition(state: string): string {
  const said = `${tenantryState.name} = ${quoted(state)}`;
  const outside = "ExecutionStatus IN ('Terminated', 'TimedOut')";
  if (state === 'failed') return `(${said} OR ${outside})`;
  if (state === 'running') return `(ExecutionStatus = 'Running' AND (${said} OR ${tenantryState.name} IS NULL))`;
  if (state === 'cancelled') return `(${said} OR (${tenantryState.name} IS NULL AND ExecutionStatus = 'Canceled'))`;
  return `(${said} AND NOT ${outside})`;
}

/** The query of Temporal's search for the runs in a state. Refused when there is no such state. */
export function queryOf({ state, openSince }: Omit<ListOptions, 'customer'>): string {
  if (state !== undefined && !(operationStates as readonly string[]).includes(state))
    throw new TenantryError('refused', `The state must be one of ${operationStates.join(', ')}.`);
  return [
    productCondition(),
    ...(state === undefined ? [] : [stateCondition(state)]),
    ...(openSince === undefined
      ? []
      : [`(ExecutionStatus = 'Running' OR CloseTime >= ${quoted(openSince.toISOString())})`]),
  ].join(' AND ');
}

import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { listRuns, decryptionProblemIn } from '../vault/list-runs.js';
import {
  acronisTenantId,
  externalRef,
  tenantryReason,
  tenantryState,
  tenantryStep,
} from '../contract/search-attributes.js';
import { operationStates, WAITING_MEMO, type Blocked, type WaitingFor } from '../contract/status.js';
import { decryptionMessage } from '../vault/encryption.js';
import { TenantryError } from '../contract/errors.js';
import { conditionsFor, ofThisProduct, quoted } from './of-customer.js';
import { operationStatus } from './status.js';

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
  /** The run for which it waits, which has the turn at the same tenant. */
  waitsFor?: string;
  /** Why what it keeps besides cannot be read here, and what to do about it. */
  unanswered?: string;
  startedAt: string;
  closedAt?: string;
}

/** A listed run with what it waits for, or why that is not known just now (`unanswered`). */
export interface BlockedRun extends ListedRun {
  blocked?: Blocked;
}

export interface ListFilter {
  state?: string | undefined;
  /** A tenant id, the caller's own reference, the business key or the name: all runs at its tenant, whatever they are called. */
  customer?: string | undefined;
  /** Only runs that are open, or closed since then. */
  openSince?: Date | undefined;
}

/** The runs of this product, newest first. Fails as Temporal does when it cannot be asked. Safe to repeat. */
export async function listOperations(client: Client, filter: ListFilter): Promise<ListedRun[]> {
  const base = queryOf(filter);
  const { customer } = filter;
  if (customer === undefined) return await runsOf(client, base);
  const found = new Map<string, ListedRun>();
  for (const condition of await conditionsFor(client, customer))
    for (const run of await runsOf(client, `${base} AND ${condition}`)) found.set(run.runId, run);
  return [...found.values()].toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
}

async function runsOf(client: Client, query: string): Promise<ListedRun[]> {
  const runs: ListedRun[] = [];
  for await (const run of listRuns(client, query)) runs.push(listed(run));
  return runs;
}

function listed(run: WorkflowExecutionInfo): ListedRun {
  const text = (key: Parameters<typeof run.typedSearchAttributes.get>[0]) =>
    run.typedSearchAttributes.get(key) as string | undefined;
  const optional = {
    reason: text(tenantryReason),
    step: text(tenantryStep),
    tenantId: text(acronisTenantId),
    externalRef: text(externalRef),
    waitsFor: run.status.name === 'RUNNING' ? waitingOf(run.memo)?.waitsFor : undefined,
    unanswered: closedToUs(run),
  };
  return {
    id: run.workflowId,
    runId: run.runId,
    operation: run.type,
    state: closedState(run.status.name) ?? text(tenantryState) ?? 'running',
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as object),
    startedAt: run.startTime.toISOString(),
    ...(run.closeTime === undefined ? {} : { closedAt: run.closeTime.toISOString() }),
  };
}

function closedToUs({ workflowId, memo }: WorkflowExecutionInfo): string | undefined {
  const why = decryptionProblemIn(memo);
  return why === undefined ? undefined : decryptionMessage(workflowId, why);
}

/** What a run that waits for its turn has written beside itself. */
function waitingOf(memo: Record<string, unknown> | undefined): WaitingFor | undefined {
  return (memo?.[WAITING_MEMO] as WaitingFor | null | undefined) ?? undefined;
}

const TOGETHER = 10;

/** The blocked runs with what each waits for; a run that no worker answers for is given as the search knows it. */
export async function listBlocked(client: Client, filter: ListFilter, taskQueue: string): Promise<BlockedRun[]> {
  const runs = await listOperations(client, { ...filter, state: 'blocked' });
  const found: BlockedRun[] = [];
  for (let from = 0; from < runs.length; from += TOGETHER)
    found.push(...(await Promise.all(runs.slice(from, from + TOGETHER).map((run) => asked(client, run, taskQueue)))));
  return found;
}

async function asked(client: Client, run: ListedRun, taskQueue: string): Promise<BlockedRun> {
  try {
    const status = await operationStatus(client, run.id, taskQueue);
    return status.state === 'blocked' ? { ...run, blocked: status.blocked } : { ...run, state: status.state };
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return { ...run, unanswered: error.message };
  }
}

/** A run that Temporal ended from outside could not set its own state. */
function closedState(status: string): string | undefined {
  return status === 'TERMINATED' || status === 'TIMED_OUT' ? 'failed' : undefined;
}

function queryOf({ state, openSince }: ListFilter): string {
  if (state !== undefined && !(operationStates as readonly string[]).includes(state))
    throw new TenantryError('refused', `--state must be one of ${operationStates.join(', ')}.`);
  return [
    ofThisProduct(),
    ...(state === undefined ? [] : [`${tenantryState.name} = ${quoted(state)}`]),
    ...(openSince === undefined
      ? []
      : [`(ExecutionStatus = 'Running' OR CloseTime >= ${quoted(openSince.toISOString())})`]),
  ].join(' AND ');
}

import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { listedRuns, unreadableIn } from '../workflows/shared/listed-runs.js';
import { catalogue } from '../workflows/catalogue.js';
import { workflowId } from '../workflows/shared/ids.js';
import { keyWord, shortKey } from '../workflows/shared/input.js';
import {
  acronisTenantId,
  externalRef,
  tenantryReason,
  tenantryState,
  tenantryStep,
} from '../workflows/shared/search-attributes.js';
import { operationStates, WAITING_MEMO, type Blocked, type WaitingFor } from '../workflows/shared/status.js';
import { cannotBeRead, ClientError, Exit } from './errors.js';
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
  /** A tenant id, the caller's own reference, or the business key. */
  customer?: string | undefined;
  /** Only runs that are open, or closed since then. */
  openSince?: Date | undefined;
}

/** The runs of this product, newest first. */
export async function listOperations(client: Client, filter: ListFilter): Promise<ListedRun[]> {
  const runs: ListedRun[] = [];
  for await (const run of listedRuns(client, queryOf(filter))) {
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
    runs.push({
      id: run.workflowId,
      runId: run.runId,
      operation: run.type,
      state: closedState(run.status.name) ?? text(tenantryState) ?? 'running',
      ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as object),
      startedAt: run.startTime.toISOString(),
      ...(run.closeTime === undefined ? {} : { closedAt: run.closeTime.toISOString() }),
    });
  }
  return runs;
}

function closedToUs({ workflowId, memo }: WorkflowExecutionInfo): string | undefined {
  const why = unreadableIn(memo);
  return why === undefined ? undefined : cannotBeRead(workflowId, why);
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
    if (!(error instanceof ClientError)) throw error;
    return { ...run, unanswered: error.message };
  }
}

/** A run that Temporal ended from outside could not set its own state. */
function closedState(status: string): string | undefined {
  return status === 'TERMINATED' || status === 'TIMED_OUT' ? 'failed' : undefined;
}

function queryOf({ state, customer, openSince }: ListFilter): string {
  if (state !== undefined && !(operationStates as readonly string[]).includes(state))
    throw new ClientError(`--state must be one of ${operationStates.join(', ')}.`, Exit.refused);
  const operations = Object.keys(catalogue).map(quoted);
  return [
    `WorkflowType IN (${operations.join(', ')})`,
    ...(state === undefined ? [] : [`${tenantryState.name} = ${quoted(state)}`]),
    ...(openSince === undefined
      ? []
      : [`(ExecutionStatus = 'Running' OR CloseTime >= ${quoted(openSince.toISOString())})`]),
    ...(customer === undefined
      ? []
      : [
          `(${[acronisTenantId.name, externalRef.name]
            .map((name) => `${name} = ${quoted(customer)}`)
            .concat(`WorkflowId IN (${idsOf(customer).map(quoted).join(', ')})`)
            .join(' OR ')})`,
        ]),
  ].join(' AND ');
}

/** How runs on a customer may be called, whose key or name this is; those on a cloud with a name of its own are found by their tenant. */
function idsOf(customer: string): string[] {
  const keys = new Set([customer, shortKey(customer), keyWord({ name: customer })]);
  return Object.keys(catalogue).flatMap((operation) => [...keys].map((key) => workflowId(operation, undefined, key)));
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

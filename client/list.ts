import type { Client } from '@temporalio/client';
import { catalogue } from '../workflows/catalogue.js';
import { acronisTenantId, externalRef, tenantryReason, tenantryState } from '../workflows/shared/search-attributes.js';
import { operationStates } from '../workflows/shared/status.js';
import { ClientError, Exit } from './errors.js';

/** One run in a list, from Temporal's search: no worker is asked. */
export interface ListedRun {
  id: string;
  operation: string;
  state: string;
  reason?: string;
  tenantId?: string;
  externalRef?: string;
  startedAt: string;
  closedAt?: string;
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
  for await (const run of client.workflow.list({ query: queryOf(filter) })) {
    const text = (key: Parameters<typeof run.typedSearchAttributes.get>[0]) =>
      run.typedSearchAttributes.get(key) as string | undefined;
    const optional = { reason: text(tenantryReason), tenantId: text(acronisTenantId), externalRef: text(externalRef) };
    runs.push({
      id: run.workflowId,
      operation: run.type,
      state: closedState(run.status.name) ?? text(tenantryState) ?? 'running',
      ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as object),
      startedAt: run.startTime.toISOString(),
      ...(run.closeTime === undefined ? {} : { closedAt: run.closeTime.toISOString() }),
    });
  }
  return runs;
}

/** A run that Temporal ended from outside could not set its own state. */
function closedState(status: string): string | undefined {
  return status === 'TERMINATED' || status === 'TIMED_OUT' ? 'failed' : undefined;
}

function queryOf({ state, customer, openSince }: ListFilter): string {
  if (state !== undefined && !(operationStates as readonly string[]).includes(state))
    throw new ClientError(`--state must be one of ${operationStates.join(', ')}.`, Exit.refused);
  const operations = Object.keys(catalogue).map(quoted);
  const keys = Object.keys(catalogue).map((operation) => `WorkflowId = ${quoted(`${operation}:${customer}`)}`);
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
            .concat(keys)
            .join(' OR ')})`,
        ]),
  ].join(' AND ');
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

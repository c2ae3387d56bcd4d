import type { Client } from '@temporalio/client';
import { catalogue } from '../catalogue/index.js';
import { PRODUCE_REPORT, reportKinds } from '../workflows/produce-report/contract.js';
import { workflowId } from '../contract/ids.js';
import { keyWord, shortKey } from '../catalogue/input.js';
import { listRuns } from '../vault/list-runs.js';
import { acronisTenantId, externalRef } from '../contract/search-attributes.js';

/** Tenant ids in one query. */
const TOGETHER = 100;
const BLANK = shortKey(' ');

/**
 * Conditions of Temporal's search that find, together, the runs of a customer: those that name it so, by tenant id, external reference, business
 * key or name, and all others at the tenants of those. A run may fit several of them. Safe to repeat.
 */
export async function conditionsFor(client: Client, customer: string): Promise<string[]> {
  const named = eitherOf([
    ...[acronisTenantId.name, externalRef.name].map((name) => `${name} = ${quoted(customer)}`),
    `WorkflowId IN (${idsOf(customer).map(quoted).join(', ')})`,
  ]);
  // a reference of the caller may begin like the key of another customer
  const begun = `(${eitherOf(beginningsOf(customer).map(begins))} AND ${externalRef.name} IS NULL)`;
  const exactly = await tenantsIn(client, named);
  const tenants = exactly.length > 0 ? exactly : await tenantsIn(client, begun);
  const conditions = [eitherOf([named, `(${begun} AND ${acronisTenantId.name} IS NULL)`])];
  for (let from = 0; from < tenants.length; from += TOGETHER)
    conditions.push(
      `${acronisTenantId.name} IN (${tenants
        .slice(from, from + TOGETHER)
        .map(quoted)
        .join(', ')})`,
    );
  return conditions;
}

/** The condition that a run is one of this product. */
export function ofThisProduct(): string {
  return `WorkflowType IN (${Object.keys(catalogue).map(quoted).join(', ')})`;
}

/** Text as Temporal's search reads it. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

async function tenantsIn(client: Client, condition: string): Promise<string[]> {
  const found = new Set<string>();
  const query = `${ofThisProduct()} AND ${acronisTenantId.name} IS NOT NULL AND ${condition}`;
  for await (const { typedSearchAttributes } of listRuns(client, query)) {
    const tenant = typedSearchAttributes.get(acronisTenantId);
    if (tenant !== undefined) found.add(tenant);
  }
  return [...found];
}

/** How runs on a customer may be called whose key or name this is. */
function idsOf(customer: string): string[] {
  return Object.keys(catalogue).flatMap((operation) =>
    keysOf(customer).map((key) => workflowId(operation, undefined, key)),
  );
}

/** How the ids of runs begin that say after the customer what else they are about. */
function beginningsOf(customer: string): string[] {
  const reports = reportKinds.flatMap((kind) =>
    keysOf(customer).map((key) => workflowId(PRODUCE_REPORT, undefined, `${key}-${kind}`)),
  );
  return [...idsOf(customer).map((id) => `${id}${BLANK}`), ...reports];
}

function keysOf(customer: string): string[] {
  return [...new Set([customer, shortKey(customer), keyWord({ name: customer })])];
}

function begins(beginning: string): string {
  return `WorkflowId STARTS_WITH ${quoted(beginning)}`;
}

function eitherOf(conditions: readonly string[]): string {
  return `(${conditions.join(' OR ')})`;
}

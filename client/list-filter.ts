import type { Client } from '@temporalio/client';
import { catalogue } from '../catalogue/index.js';
import { PRODUCE_REPORT, reportKinds } from '../workflows/produce-report/contract.js';
import { workflowId } from '../contract/ids.js';
import { toKeyPart, escapeKeyPart, shortKey, toTenantKeyPart } from '../catalogue/input.js';
import { listRuns } from '../vault/list-runs.js';
import { acronisTenantId, externalRef } from '../contract/search-attributes.js';

/** Tenant ids in one query. */
const BATCH = 100;
const BLANK = shortKey(' ');

/**
 * Conditions of Temporal's list filter that together find the runs of a customer: those that name it by tenant id,
 * external reference, business key or name, and all others at the same tenants. A run may fit several. Changes nothing.
 */
export async function customerConditions(client: Client, customer: string): Promise<string[]> {
  const exact = anyOf([
    // the cloud writes ids in small letters, and takes them in any
    `${acronisTenantId.name} IN (${[customer, customer.toLowerCase()].map(quoted).join(', ')})`,
    `${externalRef.name} = ${quoted(customer)}`,
    `WorkflowId IN (${idsOf(customer).map(quoted).join(', ')})`,
  ]);
  // one caller's reference may begin like another customer's key
  const prefixed = `(${anyOf(idPrefixesOf(customer).map(startsWith))} AND ${externalRef.name} IS NULL)`;
  const exactTenants = await tenantsOf(client, exact);
  const tenants = exactTenants.length > 0 ? exactTenants : await tenantsOf(client, prefixed);
  const conditions = [anyOf([exact, `(${prefixed} AND ${acronisTenantId.name} IS NULL)`])];
  for (let from = 0; from < tenants.length; from += BATCH)
    conditions.push(
      `${acronisTenantId.name} IN (${tenants
        .slice(from, from + BATCH)
        .map(quoted)
        .join(', ')})`,
    );
  return conditions;
}

/** The condition that a run is one of this product's. */
export function productCondition(): string {
  return `WorkflowType IN (${Object.keys(catalogue).map(quoted).join(', ')})`;
}

/** A text value as Temporal's list filter reads it. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

async function tenantsOf(client: Client, condition: string): Promise<string[]> {
  const found = new Set<string>();
  const query = `${productCondition()} AND ${acronisTenantId.name} IS NOT NULL AND ${condition}`;
  for await (const { typedSearchAttributes } of listRuns(client, query)) {
    const tenant = typedSearchAttributes.get(acronisTenantId);
    if (tenant !== undefined) found.add(tenant);
  }
  return [...found];
}

/** The workflow ids of runs whose customer has this key or name. */
function idsOf(customer: string): string[] {
  return Object.keys(catalogue).flatMap((operation) =>
    keysOf(customer).map((key) => workflowId(operation, undefined, key)),
  );
}

/** The prefixes of workflow ids that name something else after the customer. */
function idPrefixesOf(customer: string): string[] {
  const reports = reportKinds.flatMap((kind) =>
    keysOf(customer).map((key) => workflowId(PRODUCE_REPORT, undefined, `${key}-${kind}`)),
  );
  return [...idsOf(customer).map((id) => `${id}${BLANK}`), ...reports];
}

function keysOf(customer: string): string[] {
  const words = [
    customer,
    toKeyPart({ name: customer }),
    escapeKeyPart(customer).trimEnd(),
    toTenantKeyPart({ customerId: customer }),
  ];
  return [...new Set([customer, ...words.map(shortKey)])];
}

function startsWith(prefix: string): string {
  return `WorkflowId STARTS_WITH ${quoted(prefix)}`;
}

function anyOf(conditions: readonly string[]): string {
  return `(${conditions.join(' OR ')})`;
}

import type { Client } from '@temporalio/client';
import type { OperationStatus } from '../contract/status.js';
import { TenantryError } from '../contract/errors.js';
import { listOperations, type ListedRun } from './list.js';
import { operationStatus } from './status.js';

/** One run in a customer's history; `unanswered` says why its status is not known just now. */
export interface CustomerRun extends Omit<ListedRun, 'runId'> {
  status?: OperationStatus;
}

/** All that runs did, and do, with one customer. */
export interface CustomerHistory {
  /** Absent as long as its tenant is not made. */
  tenantId?: string;
  /** How the cloud has it now; absent when no cloud can be asked here, or it no longer shows the tenant. */
  now?: { name: string; state: 'enabled' | 'disabled' } | { name: string; state: 'deleted'; deletedAt: string };
  /** Tenants with the same name or key that are deleted; their runs are listed too. */
  before?: { tenantId: string; name: string; deletedAt: string }[];
  /** Oldest first. */
  runs: CustomerRun[];
}

/** A tenant as the cloud has it now. */
export interface CloudTenant {
  id: string;
  kind: string;
  name: string;
  enabled: boolean;
  deleted_at: string | null;
}

/** The tenants of a cloud, for whoever may ask it; deleted ones too. */
export interface CloudTenants {
  fitting(text: string): Promise<CloudTenant[]>;
  withId(id: string): Promise<CloudTenant | undefined>;
  /** The only one of those that fit, or the only one of them that lives. Refused when there is none, or more than one. */
  theOneMeant(text: string, fitting: readonly CloudTenant[]): CloudTenant;
}

interface Whereabouts {
  taskQueue: string;
  /** The cloud to ask, or why none can be asked. */
  cloud: CloudTenants | TenantryError;
}

/**
 * The history of the one customer with this tenant id, name, customer id, external reference or business key. Of several the only one that lives is
 * meant. Changes nothing. Refused when none fits, or several do. Runs that Temporal no longer keeps are not in it.
 */
export async function customerHistory(
  client: Client,
  wanted: string,
  { taskQueue, cloud }: Whereabouts,
): Promise<CustomerHistory> {
  const text = wanted.trim();
  const named = text === '' ? [] : await listOperations(client, { customer: text });
  const ids = [...new Set(named.flatMap(({ tenantId }) => tenantId ?? []))];
  const { tenantId, tenant, before } = await asTheyAre(cloud, text, named.length === 0 ? undefined : ids);
  const all = [...named];
  if (named.length === 0)
    for (const { id } of [tenant, ...before].filter((one) => one !== undefined))
      all.push(...(await listOperations(client, { customer: id })));
  const runs = [...new Map(all.map((run) => [run.runId, run])).values()].toSorted((a, b) =>
    a.startedAt.localeCompare(b.startedAt),
  );
  return {
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(tenant === undefined ? {} : { now: nowOf(tenant) }),
    ...(before.length === 0 ? {} : { before: before.map(deletedOne) }),
    runs: await withStatuses(client, runs, taskQueue),
  };
}

interface AsTheyAre {
  tenantId?: string | undefined;
  tenant?: CloudTenant | undefined;
  /** Those that are deleted, when another is meant. */
  before: CloudTenant[];
}

/** Runs that are known name the tenants; else the cloud must. */
async function asTheyAre(
  cloud: CloudTenants | TenantryError,
  text: string,
  ids: readonly string[] | undefined,
): Promise<AsTheyAre> {
  if (cloud instanceof TenantryError) return { tenantId: withoutCloud(cloud, text, ids), before: [] };
  if (ids !== undefined && ids.length > MOST_TENANTS) throw fitsSeveral(text, ids, '');
  const fitting =
    ids === undefined
      ? await cloud.fitting(text)
      : (await Promise.all(ids.map(async (id) => await cloud.withId(id)))).filter((one) => one !== undefined);
  if (ids !== undefined && fitting.length === 0) {
    if (ids.length > 1) throw fitsSeveral(text, ids, ', none of which the cloud shows');
    return { tenantId: ids[0], before: [] };
  }
  const tenant = cloud.theOneMeant(text, fitting);
  return { tenantId: tenant.id, tenant, before: fitting.filter(({ id }) => id !== tenant.id) };
}

function withoutCloud(cloud: TenantryError, text: string, ids: readonly string[] | undefined): string | undefined {
  if (ids === undefined)
    throw new TenantryError(
      'refused',
      `No run is known of ${JSON.stringify(text)} as tenant id, external reference or business key, and by a name only the cloud finds it. ${cloud.message}`,
    );
  if (ids.length > 1) throw fitsSeveral(text, ids, '');
  return ids[0];
}

function fitsSeveral(text: string, ids: readonly string[], more: string): TenantryError {
  const named = ids.slice(0, MOST_TENANTS).join(', ');
  const others = ids.length > MOST_TENANTS ? ` and ${ids.length - MOST_TENANTS} more` : '';
  return new TenantryError(
    'refused',
    `${JSON.stringify(text)} fits ${ids.length} tenants${more}; give the id of one: ${named}${others}`,
  );
}

function deletedOne({ id, name, deleted_at }: CloudTenant) {
  return { tenantId: id, name, deletedAt: deleted_at ?? '' };
}

function nowOf({ name, enabled, deleted_at }: CloudTenant): NonNullable<CustomerHistory['now']> {
  if (deleted_at !== null) return { name, state: 'deleted', deletedAt: deleted_at };
  return { name, state: enabled ? 'enabled' : 'disabled' };
}

const TOGETHER = 10;
const MOST_TENANTS = 10;

async function withStatuses(client: Client, runs: readonly ListedRun[], taskQueue: string): Promise<CustomerRun[]> {
  const all: CustomerRun[] = [];
  for (let from = 0; from < runs.length; from += TOGETHER)
    all.push(
      ...(await Promise.all(runs.slice(from, from + TOGETHER).map((run) => withStatus(client, run, taskQueue)))),
    );
  return all;
}

async function withStatus(client: Client, { runId, ...run }: ListedRun, taskQueue: string): Promise<CustomerRun> {
  try {
    const status = await operationStatus(client, run.id, taskQueue, runId);
    return { ...run, state: status.state, status };
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return { ...run, unanswered: error.message };
  }
}

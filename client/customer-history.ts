import type { Client } from '@temporalio/client';
import type { OperationStatus } from '../contract/status.js';
import { TenantryError } from '../contract/errors.js';
import { listOperations, withStatuses, type ExplainError, type ListedRun } from './list.js';
import { operationStatus } from './status.js';

const MAX_TENANTS = 10;

/** One run in a customer's history; `unanswered` says why its status is not known. */
export interface CustomerRun extends Omit<ListedRun, 'runId'> {
  status?: OperationStatus;
}

/** Everything that runs did, and do, with one customer. */
export interface CustomerHistory {
  /** Absent until its tenant is created. */
  tenantId?: string;
  /** What the cloud says of it now; absent when no cloud can be asked, or when it no longer shows the tenant. */
  now?: { name: string; state: 'enabled' | 'disabled' } | { name: string; state: 'deleted'; deletedAt: string };
  /** Deleted tenants with the same name or key; their runs are listed too. */
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

/** The tenants of a cloud, deleted ones too. */
export interface CloudTenants {
  find(text: string): Promise<CloudTenant[]>;
  get(id: string): Promise<CloudTenant | undefined>;
  /** The only match, or the only one that is not deleted. Refused when there is none, or more than one. */
  pickOne(text: string, matches: readonly CloudTenant[]): CloudTenant;
}

interface Sources {
  taskQueue: string;
  /** The cloud to ask, or why none can be asked. */
  cloud: CloudTenants | TenantryError;
  explain?: ExplainError;
}

/**
 * The history of the customer with this tenant id, name, customer id, external reference or business key. If several
 * match, it is the only one that is not deleted. Refused when none matches, or several do. Runs that Temporal no longer
 * keeps are missing. Changes nothing.
 */
export async function customerHistory(
  client: Client,
  wanted: string,
  { taskQueue, cloud, explain }: Sources,
): Promise<CustomerHistory> {
  const text = wanted.trim();
  const named = text === '' ? [] : await listOperations(client, { customer: text });
  const ids = [...new Set(named.flatMap(({ tenantId }) => tenantId ?? []))];
  const { tenantId, tenant, before } = await findTenant(cloud, text, named.length === 0 ? undefined : ids, named);
  const all = [...named];
  if (named.length === 0)
    for (const { id } of [tenant, ...before].filter((one) => one !== undefined))
      all.push(...(await listOperations(client, { customer: id })));
  const runs = [...new Map(all.map((run) => [run.runId, run])).values()].toSorted((a, b) =>
    a.startedAt.localeCompare(b.startedAt),
  );
  const ask = async ({ id, runId }: ListedRun) => await operationStatus(client, id, taskQueue, runId);
  return {
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(tenant === undefined ? {} : { now: currentState(tenant) }),
    ...(before.length === 0 ? {} : { before: before.map(toDeletedTenant) }),
    runs: (await withStatuses(runs, ask, explain)).map(({ runId: _runId, ...run }) => run),
  };
}

interface FoundTenant {
  tenantId?: string | undefined;
  tenant?: CloudTenant | undefined;
  /** The deleted ones, when another is meant. */
  before: CloudTenant[];
}

/** The tenants come from the known runs (`ids`); without any, the cloud must find them. */
async function findTenant(
  cloud: CloudTenants | TenantryError,
  text: string,
  ids: readonly string[] | undefined,
  runs: readonly ListedRun[],
): Promise<FoundTenant> {
  if (cloud instanceof TenantryError)
    return { tenantId: onlyId(cloud, text, ids && keptTenants(runs, ids)), before: [] };
  if (ids !== undefined && ids.length > MAX_TENANTS) throw severalMatch(text, ids, '');
  const matches =
    ids === undefined
      ? await cloud.find(text)
      : (await Promise.all(ids.map(async (id) => await cloud.get(id)))).filter((one) => one !== undefined);
  if (ids !== undefined && matches.length === 0) {
    if (ids.length > 1) throw severalMatch(text, ids, ', none of which the cloud shows');
    return { tenantId: ids[0], before: [] };
  }
  const tenant = cloud.pickOne(text, matches);
  return { tenantId: tenant.id, tenant, before: matches.filter(({ id }) => id !== tenant.id) };
}

/** Without those that a run has made and removed again; all of them when no other is left. */
function keptTenants(runs: readonly ListedRun[], ids: readonly string[]): readonly string[] {
  const kept = ids.filter((id) =>
    runs.some((run) => run.tenantId === id && !['cancelled', 'undone'].includes(run.state)),
  );
  return kept.length > 0 ? kept : ids;
}

function onlyId(cloud: TenantryError, text: string, ids: readonly string[] | undefined): string | undefined {
  if (ids === undefined)
    throw new TenantryError(
      'refused',
      `No run has ${JSON.stringify(text)} as tenant id, external reference or business key; ` +
        `only the cloud could find it by name. ${cloud.message}`,
    );
  if (ids.length > 1) throw severalMatch(text, ids, '');
  return ids[0];
}

function severalMatch(text: string, ids: readonly string[], more: string): TenantryError {
  const named = ids.slice(0, MAX_TENANTS).join(', ');
  const others = ids.length > MAX_TENANTS ? ` and ${ids.length - MAX_TENANTS} more` : '';
  return new TenantryError(
    'refused',
    `${JSON.stringify(text)} fits ${ids.length} tenants${more}; give the id of one: ${named}${others}`,
  );
}

function toDeletedTenant({ id, name, deleted_at }: CloudTenant) {
  return { tenantId: id, name, deletedAt: deleted_at ?? '' };
}

function currentState({ name, enabled, deleted_at }: CloudTenant): NonNullable<CustomerHistory['now']> {
  if (deleted_at !== null) return { name, state: 'deleted', deletedAt: deleted_at };
  return { name, state: enabled ? 'enabled' : 'disabled' };
}

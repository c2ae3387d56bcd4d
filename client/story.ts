import type { Client } from '@temporalio/client';
import type { Acronis, Tenant } from '../acronis/index.js';
import type { OperationStatus } from '../workflows/shared/status.js';
import { ClientError, Exit } from './errors.js';
import { listOperations, type ListedRun } from './list.js';
import { tenantsFitting, tenantWithId, theOneMeant } from './lookups/tenant.js';
import { operationStatus } from './status.js';

/** One run of a customer's story; `unanswered` says why its status is not known just now. */
export interface ToldRun extends Omit<ListedRun, 'runId'> {
  status?: OperationStatus;
}

/** All that runs did, and do, with one customer. */
export interface Story {
  /** Absent as long as its tenant is not made. */
  tenantId?: string;
  /** How the cloud has it now; absent when no cloud can be asked here, or it no longer shows the tenant. */
  now?: { name: string; state: 'enabled' | 'disabled' } | { name: string; state: 'deleted'; deletedAt: string };
  /** Tenants with the same name or key that are deleted; their runs are told too. */
  before?: { tenantId: string; name: string; deletedAt: string }[];
  /** Oldest first. */
  runs: ToldRun[];
}

interface Whereabouts {
  taskQueue: string;
  /** The cloud to ask, or why none can be asked. */
  cloud: Acronis | ClientError;
}

/**
 * The story of the one customer with this tenant id, name, customer id, external reference or business key. Of several the only one that lives is
 * meant. Changes nothing. Refused when none fits, or several do. Runs that Temporal no longer keeps are not in it.
 */
export async function customerStory(client: Client, wanted: string, { taskQueue, cloud }: Whereabouts): Promise<Story> {
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
    runs: await toldOf(client, runs, taskQueue),
  };
}

interface AsTheyAre {
  tenantId?: string | undefined;
  tenant?: Tenant | undefined;
  /** Those that are deleted, when another is meant. */
  before: Tenant[];
}

/** Runs that are known name the tenants; else the cloud must. */
async function asTheyAre(
  cloud: Acronis | ClientError,
  text: string,
  ids: readonly string[] | undefined,
): Promise<AsTheyAre> {
  if (cloud instanceof ClientError) return { tenantId: withoutCloud(cloud, text, ids), before: [] };
  if (ids !== undefined && ids.length > MOST_TENANTS) throw fitsSeveral(text, ids, '');
  const fitting =
    ids === undefined
      ? await tenantsFitting(cloud, text, { allowDeleted: true })
      : (await Promise.all(ids.map(async (id) => await tenantWithId(cloud, id, { allowDeleted: true })))).filter(
          (one) => one !== undefined,
        );
  if (ids !== undefined && fitting.length === 0) {
    if (ids.length > 1) throw fitsSeveral(text, ids, ', none of which the cloud shows');
    return { tenantId: ids[0], before: [] };
  }
  const tenant = theOneMeant(text, fitting);
  return { tenantId: tenant.id, tenant, before: fitting.filter(({ id }) => id !== tenant.id) };
}

function withoutCloud(cloud: ClientError, text: string, ids: readonly string[] | undefined): string | undefined {
  if (ids === undefined)
    throw new ClientError(
      `No run is known of ${JSON.stringify(text)} as tenant id, external reference or business key, and by a name only the cloud finds it. ${cloud.message}`,
      Exit.refused,
    );
  if (ids.length > 1) throw fitsSeveral(text, ids, '');
  return ids[0];
}

function fitsSeveral(text: string, ids: readonly string[], more: string): ClientError {
  const named = ids.slice(0, MOST_TENANTS).join(', ');
  const others = ids.length > MOST_TENANTS ? ` and ${ids.length - MOST_TENANTS} more` : '';
  return new ClientError(
    `${JSON.stringify(text)} fits ${ids.length} tenants${more}; give the id of one: ${named}${others}`,
    Exit.refused,
  );
}

function deletedOne({ id, name, deleted_at }: Tenant) {
  return { tenantId: id, name, deletedAt: deleted_at ?? '' };
}

function nowOf({ name, enabled, deleted_at }: Tenant): NonNullable<Story['now']> {
  if (deleted_at !== null) return { name, state: 'deleted', deletedAt: deleted_at };
  return { name, state: enabled ? 'enabled' : 'disabled' };
}

const TOGETHER = 10;
const MOST_TENANTS = 10;

async function toldOf(client: Client, runs: readonly ListedRun[], taskQueue: string): Promise<ToldRun[]> {
  const told: ToldRun[] = [];
  for (let from = 0; from < runs.length; from += TOGETHER)
    told.push(...(await Promise.all(runs.slice(from, from + TOGETHER).map((run) => tellOf(client, run, taskQueue)))));
  return told;
}

async function tellOf(client: Client, { runId, ...run }: ListedRun, taskQueue: string): Promise<ToldRun> {
  try {
    const status = await operationStatus(client, run.id, taskQueue, runId);
    return { ...run, state: status.state, status };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { ...run, unanswered: error.message };
  }
}

import type { Client } from '@temporalio/client';
import type { Acronis, Tenant } from '../acronis/index.js';
import type { OperationStatus } from '../workflows/shared/status.js';
import { ClientError, Exit } from './errors.js';
import { listOperations, type ListedRun } from './list.js';
import { findTenant } from './lookups/index.js';
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
  /** Oldest first. */
  runs: ToldRun[];
}

interface Whereabouts {
  taskQueue: string;
  /** The cloud to ask, or why none can be asked. */
  cloud: Acronis | ClientError;
}

/**
 * The story of the one customer with this tenant id, name, customer id, external reference or business key. Changes nothing. Refused when none
 * or several fit. Runs that Temporal no longer keeps are not in it.
 */
export async function customerStory(client: Client, wanted: string, { taskQueue, cloud }: Whereabouts): Promise<Story> {
  const text = wanted.trim();
  const named = text === '' ? [] : await listOperations(client, { customer: text });
  const ids = [...new Set(named.flatMap(({ tenantId }) => tenantId ?? []))];
  if (ids.length > 1)
    throw new ClientError(
      `${JSON.stringify(text)} fits ${ids.length} tenants; give the id of one: ${ids.join(', ')}`,
      Exit.refused,
    );
  const tenant = await asItIs(cloud, ids[0], named.length === 0 ? text : undefined);
  const tenantId = tenant?.id ?? ids[0];
  const all = tenantId === undefined ? named : [...named, ...(await listOperations(client, { customer: tenantId }))];
  const runs = [...new Map(all.map((run) => [run.runId, run])).values()].toSorted((a, b) =>
    a.startedAt.localeCompare(b.startedAt),
  );
  return {
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(tenant === undefined ? {} : { now: nowOf(tenant) }),
    runs: await toldOf(client, runs, taskQueue),
  };
}

/** Runs that are known name the tenant; else the cloud must. */
async function asItIs(
  cloud: Acronis | ClientError,
  id: string | undefined,
  name: string | undefined,
): Promise<Tenant | undefined> {
  if (cloud instanceof ClientError) {
    if (name === undefined) return undefined;
    throw new ClientError(
      `No run is known of ${JSON.stringify(name)} as tenant id, external reference or business key, and by a name only the cloud finds it. ${cloud.message}`,
      Exit.refused,
    );
  }
  if (name !== undefined) return await findTenant(cloud, name, { allowDeleted: true });
  return id === undefined ? undefined : await findTenant(cloud, id, { allowDeleted: true }).catch(unlessUnknown);
}

function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof ClientError)) throw error;
}

function nowOf({ name, enabled, deleted_at }: Tenant): NonNullable<Story['now']> {
  if (deleted_at !== null) return { name, state: 'deleted', deletedAt: deleted_at };
  return { name, state: enabled ? 'enabled' : 'disabled' };
}

const TOGETHER = 10;

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

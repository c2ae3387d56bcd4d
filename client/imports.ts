import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';
import { storedRowsName, type StoredRows } from '../contract/imported-rows.js';
import { resumedFrom } from '../contract/rollout-memory.js';
import { rolloutId, rolloutProblem, type RolloutStart, type RolloutStatus } from '../contract/rollout.js';
import { decideOnRollout, isRolloutOpen, rolloutStatus, startRollout } from './rollouts.js';

/** What is to be imported, and how. */
export interface ImportOrder extends Omit<RolloutStart, 'action' | 'rows'> {
  rows: Omit<StoredRows, 'place'>;
  /** Keeps the rows for workers, and gives their place. */
  store: () => Promise<string>;
  /** Begins once more with the rows that failed. */
  retry: boolean;
}

/** What became of the order. `nothing`: all of its rows have come out already, as `status` says. */
export interface BegunImport {
  id: string;
  as: 'started' | 'resumed' | 'joined' | 'retried' | 'nothing';
  status?: RolloutStatus;
}

/**
 * Starts the import of these rows, joins the one that is open, or goes on where the last one of the same rows has ended.
 * No row that has come out begins again, but failed ones do for `retry`. Refused while an import of other rows is open
 * that still has something to do.
 */
export async function beginImport(client: Client, taskQueue: string, order: ImportOrder): Promise<BegunImport> {
  const id = rolloutId('import', order.cloud);
  const last = await lastImport(client, id, taskQueue);
  const isSame = last?.status.rows?.sha256 === order.rows.sha256;
  if (last?.isOpen && isSame) return await join(client, { id, status: last.status, taskQueue }, order);
  if (last?.isOpen) await endIfOver(client, { id, status: last.status, taskQueue }, order);
  return await start(client, { id, taskQueue, before: isSame ? last?.status : undefined }, order);
}

async function lastImport(client: Client, id: string, taskQueue: string) {
  try {
    const isOpen = await isRolloutOpen(client, id);
    const status = await rolloutStatus(client, id, taskQueue);
    const isEnding = isOpen && (status.state === 'completed' || status.state === 'stopped');
    if (isEnding) await client.workflow.getHandle(id).result();
    return { isOpen: isOpen && !isEnding, status };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

interface Open {
  id: string;
  status: RolloutStatus;
  taskQueue: string;
}

async function join(client: Client, { id, status, taskQueue }: Open, order: ImportOrder): Promise<BegunImport> {
  // perhaps it waits because the rows are not where they were kept
  if (status.blocked !== undefined) await order.store();
  if (!order.retry || status.counts.failed === 0) return { id, as: 'joined' };
  await decide(client, { id, choice: 'retry', taskQueue }, order);
  return { id, as: 'retried' };
}

/** An import that waits only for a decision about its failed rows has nothing to lose. */
async function endIfOver(client: Client, { id, status, taskQueue }: Open, order: ImportOrder): Promise<void> {
  const { blocked, counts } = status;
  if (blocked === undefined || counts.waiting + counts.underWay > 0) {
    const rest = `${counts.waiting + counts.underWay} of its ${status.customers.length} rows have not come out`;
    const what = blocked === undefined ? 'let it end, or stop it' : 'it waits for a person: resume it, or stop it';
    throw new TenantryError('refused', `${id} imports other rows, and ${rest}: ${what}.`, {
      remedies: [{ do: 'showRollout', id }],
    });
  }
  await decide(client, { id, choice: 'stop', taskQueue }, order);
  await client.workflow.getHandle(id).result();
}

async function decide(
  client: Client,
  { id, choice, taskQueue }: { id: string; choice: 'retry' | 'stop'; taskQueue: string },
  { actor, reason }: ImportOrder,
): Promise<void> {
  await decideOnRollout(client, { id, choice, request: { actor, reason } }, taskQueue);
}

async function start(
  client: Client,
  { id, taskQueue, before }: { id: string; taskQueue: string; before: RolloutStatus | undefined },
  { store, rows, retry, ...order }: ImportOrder,
): Promise<BegunImport> {
  const resumed = before && resumedFrom(before, { retry });
  if (resumed?.left === 0) {
    // one that was terminated says what it was doing then
    const state = before!.state === 'completed' ? 'completed' : 'stopped';
    return { id, as: 'nothing', status: { ...before!, state } };
  }
  const startAt = (place: string): RolloutStart => ({ ...order, action: 'import', rows: { ...rows, place } });
  // what is refused leaves no file behind
  const problem = rolloutProblem(startAt(`/${storedRowsName(rows.sha256)}`));
  if (problem !== undefined) throw new TenantryError('refused', problem);
  await startRollout(client, taskQueue, startAt(await store()), resumed?.memory);
  return { id, as: resumed === undefined ? 'started' : 'resumed' };
}

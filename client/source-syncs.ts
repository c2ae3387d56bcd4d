import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';
import { SYNC_SOURCE, syncSourceId, type SyncInput, type SyncResult } from '../contract/source-sync.js';
import { currentInput } from './inputs.js';
import { explainServiceError } from './service-errors.js';
import { checkWorkerKeys } from './worker-keys.js';
import { describeRun } from '../vault/list-runs.js';

/** A sync that was started, or one that was open already. */
export interface StartedSync {
  id: string;
  runId: string;
  joined: boolean;
}

/**
 * Starts to list everything that a source has sold; joins the listing that a person has started before. Refused when that
 * one believes less than this one should.
 */
export async function startSync(client: Client, taskQueue: string, input: SyncInput): Promise<StartedSync> {
  await checkWorkerKeys(client, taskQueue);
  const id = syncSourceId(input.source);
  try {
    const handle = await client.workflow.start(SYNC_SOURCE, { workflowId: id, taskQueue, args: [input] });
    return { id, runId: handle.firstExecutionRunId, joined: false };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw explainServiceError('start it', error) ?? error;
    const { runId } = await describeRun(client, id);
    if (input.accept) await checkAccepts(client, id);
    return { id, runId, joined: true };
  }
}

async function checkAccepts(client: Client, id: string): Promise<void> {
  const { accept } = (await currentInput(client, id)) as SyncInput;
  if (accept) return;
  const message = `The listing ${id} is open already, and was started without "accept": wait for its end, or cancel it, then start it again.`;
  throw new TenantryError('refused', message);
}

/** Waits until a sync ends, however long that takes. `stopped` says why its listing is not believed. */
export async function syncResult(
  client: Client,
  { id, runId }: StartedSync,
): Promise<SyncResult | { source: string; stopped: string }> {
  try {
    return (await client.workflow.getHandle(id, runId).result()) as SyncResult;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { source: id.slice(syncSourceId('').length), stopped: error.cause?.message ?? error.message };
  }
}

/** What `arrangeSyncs` has changed: names of sources. */
export interface ArrangedSyncs {
  daily: string[];
  removed: string[];
}

/**
 * Makes a Schedule for each of these sources that syncs it once a day, and removes those of other sources of this task
 * queue. Safe to repeat: what a person has changed in Temporal, such as a pause or another time, stays.
 */
export async function arrangeSyncs(
  client: Client,
  taskQueue: string,
  sources: readonly string[],
): Promise<ArrangedSyncs> {
  for (const source of sources)
    await client.schedule.create(dailySync(source, taskQueue)).catch((error: unknown) => {
      if (!(error instanceof ScheduleAlreadyRunning)) throw explainServiceError('make a Schedule', error) ?? error;
    });
  const removed: string[] = [];
  for (const source of await scheduledSources(client, taskQueue))
    if (!sources.includes(source)) {
      await client.schedule.getHandle(syncSourceId(source)).delete();
      removed.push(source);
    }
  return { daily: [...sources], removed };
}

/** Those of these sources that no Schedule lists daily. */
export async function withoutSchedule(client: Client, sources: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const source of sources)
    await client.schedule
      .getHandle(syncSourceId(source))
      .describe()
      .catch((error: unknown) => {
        if (!(error instanceof ScheduleNotFoundError)) throw explainServiceError('find a Schedule', error) ?? error;
        missing.push(source);
      });
  return missing;
}

function dailySync(source: string, taskQueue: string): ScheduleOptions {
  const input: SyncInput = { source };
  return {
    scheduleId: syncSourceId(source),
    // not all sources at the same minute
    spec: { intervals: [{ every: '1 day' }], jitter: '1 hour' },
    action: {
      type: 'startWorkflow',
      workflowType: SYNC_SOURCE,
      workflowId: syncSourceId(source),
      taskQueue,
      args: [input],
    },
    policies: { overlap: 'SKIP', catchupWindow: '1 day' },
  };
}

/** The sources that have a Schedule of this task queue: others can use the same namespace. */
async function scheduledSources(client: Client, taskQueue: string): Promise<string[]> {
  const prefix = syncSourceId('');
  const sources: string[] = [];
  for await (const { scheduleId } of client.schedule.list())
    if (scheduleId.startsWith(prefix)) {
      const { action } = await client.schedule.getHandle(scheduleId).describe();
      if (action.taskQueue === taskQueue) sources.push(scheduleId.slice(prefix.length));
    }
  return sources;
}

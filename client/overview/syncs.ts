import {
  ScheduleNotFoundError,
  WorkflowFailedError,
  type Client,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { externalRef } from '../../contract/search-attributes.js';
import { SYNC_SOURCE, syncSourceId, type SyncResult } from '../../contract/source-sync.js';
import { pageOfRuns } from '../../vault/list-runs.js';
import { quoted } from '../list-filter.js';
import type { Syncs } from './source-health.js';

/** Temporal's list has open runs first, then those that closed last. */
const NEWEST = 20;

/** The listings of a source that Temporal keeps, and when the next one is. Changes nothing. */
export async function syncsOf(client: Client, source: string): Promise<Syncs> {
  const query = `WorkflowType = ${quoted(SYNC_SOURCE)} AND ${externalRef.name} = ${quoted(source)}`;
  const [{ runs }, schedule] = await Promise.all([
    pageOfRuns(client, { query, size: NEWEST }),
    scheduleOf(client, source),
  ]);
  const open = runs.find(({ status }) => status.name === 'RUNNING');
  const closed = runs.filter(({ closeTime, status }) => closeTime !== undefined && status.name !== 'CONTINUED_AS_NEW');
  const [newest] = closed;
  const good = closed.find(({ status }) => status.name === 'COMPLETED');
  return {
    ...(open && { running: { run: open.workflowId, since: open.startTime.toISOString() } }),
    ...(good && { last: await resultOf(client, good) }),
    ...(newest && newest !== good && { failed: await failureOf(client, newest) }),
    ...schedule,
  };
}

async function resultOf(client: Client, run: WorkflowExecutionInfo): Promise<NonNullable<Syncs['last']>> {
  const result = (await client.workflow.getHandle(run.workflowId, run.runId).result()) as SyncResult;
  const { listed, delivered, unusable } = result;
  return { at: closedAt(run), listed, delivered, unusable };
}

async function failureOf(client: Client, run: WorkflowExecutionInfo): Promise<NonNullable<Syncs['failed']>> {
  try {
    await client.workflow.getHandle(run.workflowId, run.runId).result();
    return { at: closedAt(run), why: 'it has ended without a result' };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { at: closedAt(run), why: error.cause?.message ?? error.message };
  }
}

function closedAt({ closeTime, startTime }: WorkflowExecutionInfo): string {
  return (closeTime ?? startTime).toISOString();
}

async function scheduleOf(client: Client, source: string): Promise<Pick<Syncs, 'next' | 'notDaily'>> {
  try {
    const { state, info } = await client.schedule.getHandle(syncSourceId(source)).describe();
    if (state.paused) return { notDaily: `its Schedule is paused${state.note ? `: ${state.note}` : ''}` };
    const [next] = info.nextActionTimes;
    return next === undefined ? { notDaily: 'its Schedule has no next time' } : { next: next.toISOString() };
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    return { notDaily: 'Temporal has no Schedule for it' };
  }
}

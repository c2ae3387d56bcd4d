import type { Client } from '@temporalio/client';
import { TenantryError } from '../../contract/errors.js';
import { STARTED_BY_MEMO } from '../../contract/starts.js';
import { listRuns } from '../../vault/list-runs.js';
import { inBatches } from '../batches.js';
import { queryOf, toListedRun } from '../list.js';
import { operationStatus } from '../status.js';
import type { RecentRun } from './changes.js';
import { MOST_RUNS_SEEN, type SeenPart } from './seen-part.js';

/** More runs than this are not listed in one answer. */
const MOST_RUNS = 5000;
/** Runs whose decisions are read in one answer. */
const MOST_ASKED = 300;

/** The runs that were open since a time, with what people have decided. `missing`: what is not known, in sentences. */
export async function readRecentRuns(
  client: Client,
  taskQueue: string,
  { since, withinMs = Infinity, part }: { since: Date; withinMs?: number | undefined; part?: SeenPart | undefined },
): Promise<{ runs: RecentRun[]; missing: string[] }> {
  const until = Date.now() + withinMs;
  const { runs, isCut } = await listIn(client, since, part);
  const newest = runs.toSorted((one, other) => (lastTime(one) < lastTime(other) ? 1 : -1)).slice(0, MOST_ASKED);
  const asked = new Map<string, RecentRun['decisions']>();
  await inBatches(newest, async ({ id, runId }) => {
    if (Date.now() >= until) return;
    const decisions = await decisionsOf(client, id, taskQueue, runId);
    if (decisions !== undefined) asked.set(runId, decisions);
  });
  const unknown = runs.length - asked.size;
  return {
    runs: runs.map((run) => ({ ...run, decisions: asked.get(run.runId) })),
    missing: [
      ...(isCut ? ['Not all runs are listed: ask about a shorter time.'] : []),
      ...(unknown > 0 ? [`What people have decided for ${unknown} of ${runs.length} runs is not known here.`] : []),
    ],
  };
}

/** Of all runs, or of the newest that somebody sees. */
async function listIn(client: Client, since: Date, part: SeenPart | undefined): ReturnType<typeof list> {
  if (part === undefined) return await list(client, since, MOST_RUNS);
  const { runs, isCut } = await list(client, since, MOST_RUNS_SEEN);
  return { runs: await part.runsIn(runs), isCut };
}

async function list(client: Client, since: Date, most: number): Promise<{ runs: RecentRun[]; isCut: boolean }> {
  const runs: RecentRun[] = [];
  for await (const info of listRuns(client, queryOf({ openSince: since }))) {
    if (runs.length === most) return { runs, isCut: true };
    const startedBy = info.memo?.[STARTED_BY_MEMO];
    runs.push({
      ...toListedRun(info),
      parent: info.parentExecution?.workflowId ?? undefined,
      ...(typeof startedBy === 'string' && { startedBy }),
    });
  }
  return { runs, isCut: false };
}

function lastTime({ closedAt, startedAt }: RecentRun): string {
  return closedAt ?? startedAt;
}

/** Undefined when nobody can say. */
async function decisionsOf(
  client: Client,
  id: string,
  taskQueue: string,
  runId: string,
): Promise<RecentRun['decisions']> {
  try {
    return (await operationStatus(client, id, taskQueue, runId)).decisions ?? [];
  } catch (error) {
    if (error instanceof TenantryError) return undefined;
    throw error;
  }
}

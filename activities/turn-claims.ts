import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { turnId } from '../contract/tenant-turn.js';
import {
  CLAIM_TURN,
  QUEUES,
  RELEASE_TURN,
  TURN_QUERY,
  TURN_QUEUE,
  turnQueueId,
  type Claim,
  type Grant,
  type Release,
  type RunRef,
} from '../contract/turn-queue.js';
import { runsStartedBefore, type ClaimSpec } from './runs-started-before.js';
import { began, holderOf, openRun, whoMade } from './turns.js';

/**
 * As long as a look at what the queue has answered may take; a run that hears nothing by then waits for a signal. The look saves a new customer
 * five events, and it holds a slot up that the queue itself may need.
 */
const QUERY_MS = 800;
/** As long as Temporal's search may take to say who was started earlier, and how long it is asked again until it counts as silent. */
const SEARCH_MS = 8000;
const SILENT_MS = 300_000;
const UNIMPLEMENTED = 12;

/** How runs get their turns from a queue, and give them back. */
export function createTurnClaimActivities() {
  return {
    /**
     * Claims the turn at a place; answers how it was granted, or null when the run must wait for a signal. A queue that is not there yet begins
     * with this. Safe to repeat: whoever has the turn is granted it again, and whoever waits keeps its place.
     */
    claimTurn: async (spec: ClaimSpec): Promise<Grant | null> => await claimTurn(spec),
    /** Gives a turn back, or a claim up. Safe to repeat. */
    releaseTurn: async ({ cloud, place, workflowId, runId }: Release & { cloud: string }): Promise<void> => {
      const { client, info } = Context.current();
      const release: Release = { place, workflowId, runId };
      await client.workflow.getHandle(queueOf(cloud, place, info.taskQueue)).signal<[Release]>(RELEASE_TURN, release);
    },
  };
}

/** The workflow id of the queue that keeps the order at a place. */
export function queueOf(cloud: string, place: string, taskQueue: string): string {
  return turnQueueId(cloud, Number.parseInt(digest(place).slice(0, 4), 16) % QUEUES, taskQueue);
}

/** Claims a turn for the run of this activity: see the activity of this name. */
export async function claimTurn(spec: ClaimSpec): Promise<Grant | null> {
  const { client, info } = Context.current();
  const { cloud, place, runId, startedAt, passes, about } = spec;
  const self: RunRef = { workflowId: info.workflowExecution!.workflowId, runId };
  const [earlier, found] = await Promise.all([
    client.withDeadline(Date.now() + SEARCH_MS, () => runsStartedBefore(client, spec, self)).catch(noneIfSilent),
    atWorkThere(spec, self),
  ]);
  const claim: Claim = { ...self, place, startedAt, passes, quiet: false, earlier, found };
  const queueId = queueOf(cloud, place, info.taskQueue);
  if (about.key !== undefined) {
    claim.keyHash = digest(place).slice(0, 12);
    await send(client, queueId, { ...claim, quiet: true });
    const granted = await turnOf(client, queueId, { ...self, place });
    if (granted !== null) return granted;
  }
  await send(client, queueId, claim);
  return null;
}

/** A server without a search, or whose search stays away, finds nobody; else the claim is tried again. */
function noneIfSilent(error: unknown): RunRef[] {
  const { code, cause } = error as { code?: number; cause?: { code?: number } };
  const silentFor = Date.now() - Context.current().info.scheduledTimestampMs;
  if ((code ?? cause?.code) === UNIMPLEMENTED || silentFor > SILENT_MS) return [];
  throw error;
}

async function send(client: Client, workflowId: string, claim: Claim): Promise<void> {
  await client.workflow.signalWithStart(TURN_QUEUE, {
    workflowId,
    taskQueue: Context.current().info.taskQueue,
    args: [],
    signal: CLAIM_TURN,
    signalArgs: [claim],
    workflowTaskTimeout: '5 seconds',
    staticSummary: 'Keeps the order in which runs work at tenants',
  });
}

/** Null when there is none yet, or when nobody answers in time. */
async function turnOf(client: Client, queueId: string, run: Release): Promise<Grant | null> {
  try {
    const handle = client.workflow.getHandle(queueId);
    return await client.withDeadline(Date.now() + QUERY_MS, () =>
      handle.query<Grant | null, [Release]>(TURN_QUERY, run),
    );
  } catch {
    return null;
  }
}

/** The maker of a tenant, and a run of an older version that has the turn there, as long as they are open. */
async function atWorkThere({ cloud, about: { tenantId, madeBy } }: ClaimSpec, self: RunRef): Promise<RunRef[]> {
  const maker = madeBy === undefined || madeBy === self.runId ? null : await whoMade(madeBy).catch(() => null);
  const turn = tenantId === undefined ? undefined : await openRun({ workflowId: turnId(cloud, tenantId) });
  const holder = turn && (await holderOf(turn));
  const holding = holder && { workflowId: holder.workflowId, runId: began(holder) };
  const others = [maker, holding].filter((run) => run !== undefined && run !== null);
  return others.filter(({ runId }) => runId !== self.runId);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import {
  turnId,
  CLAIM_TURN,
  QUEUES_PER_CLOUD,
  RELEASE_TURN,
  TURN_QUERY,
  TURN_QUEUE,
  TURNS_QUERY,
  turnQueueId,
  type Claim,
  type TurnGrant,
  type Release,
  type RunRef,
  type TurnPlace,
  type TurnsAt,
} from '../contract/turn-queue.js';
import { runsStartedBefore, type ClaimSpec, type KnownRuns } from './runs-started-before.js';
import { firstRunIdOf, holderOf, openRun, tryAgain, whoMade } from './turns.js';

/**
 * The time limit of the query for the answer of the queue; after it the run waits for a signal. The query saves a new
 * customer five events, but it uses a slot that the queue itself may need.
 */
const QUERY_MS = 800;
/** The time limit of the query whether a run waits. Nobody waits for its answer. */
const WAITING_QUERY_MS = 5000;
/** The time limit of the search for earlier runs. */
const SEARCH_MS = 8000;
/**
 * At this attempt the search counts as unavailable. The pauses between attempts double from one second to 100, so more
 * than five minutes have passed, whatever the clocks say.
 */
const LAST_ATTEMPT = 10;
const UNIMPLEMENTED = 12;

/** How runs get their turns from a queue, and release them. */
export function createTurnClaimActivities() {
  return {
    /**
     * Claims a turn. Answers how it was granted, or null when the run must wait for a signal. Starts the queue if it
     * does not run yet. Safe to repeat: a run that has the turn gets it again, and a run that waits keeps its position.
     */
    claimTurn: async (spec: ClaimSpec): Promise<TurnGrant | null> => await claimTurn(spec),
    /** Releases a turn, or withdraws a claim. Safe to repeat. */
    releaseTurn: async ({ cloud, place, workflowId, runId }: Release & { cloud: string }): Promise<void> => {
      const { client, info } = Context.current();
      const release: Release = { place, workflowId, runId };
      await client.workflow
        .getHandle(queueIdFor(cloud, place, info.taskQueue))
        .signal<[Release]>(RELEASE_TURN, release);
    },
    /**
     * Ends once the queue does not know that the run waits, for example because somebody terminated the queue; until
     * then it fails, to be tried again.
     */
    claimIsLost: async ({ cloud, place, ...run }: Release & { cloud: string }): Promise<void> => {
      const queueId = queueIdFor(cloud, place, Context.current().info.taskQueue);
      if (await isWaiting(queueId, place, run)) throw tryAgain(`${queueId} knows that the run waits`);
    },
  };
}

/** The workflow id of the queue that grants the turns at a place. */
export function queueIdFor(cloud: string, place: string, taskQueue: string): string {
  return turnQueueId(cloud, Number.parseInt(digest(place).slice(0, 4), 16) % QUEUES_PER_CLOUD, taskQueue);
}

/** Claims a turn for the run of this activity: see the activity of this name. */
export async function claimTurn(spec: ClaimSpec): Promise<TurnGrant | null> {
  const { client, info } = Context.current();
  const { cloud, place, runId, passes, about, gaveBack = false } = spec;
  const self: RunRef = { workflowId: info.workflowExecution!.workflowId, runId };
  const [{ startedAt, earlier, found }, holders] = await Promise.all([
    client
      .withDeadline(Date.now() + SEARCH_MS, () => runsStartedBefore(client, spec, self))
      .catch((error: unknown) => noneIfUnavailable(error, spec)),
    findHolders(spec, self),
  ]);
  const known = { startedAt, earlier, found: [...holders, ...found] };
  const claim: Claim = { ...self, place, passes, quiet: false, gaveBack, ...known };
  const queueId = queueIdFor(cloud, place, info.taskQueue);
  if (about.key !== undefined) {
    claim.keyHash = digest(place).slice(0, 12);
    await send(client, queueId, { ...claim, quiet: true });
    const granted = await turnOf(client, queueId, { ...self, place });
    if (granted !== null) return granted;
  }
  await send(client, queueId, claim);
  return null;
}

/** No runs when the server has no search, or when the search stays unavailable; else fails, to be tried again. */
function noneIfUnavailable(error: unknown, { startedAt }: ClaimSpec): KnownRuns {
  const { code, cause } = error as { code?: number; cause?: { code?: number } };
  const { attempt } = Context.current().info;
  if ((code ?? cause?.code) === UNIMPLEMENTED || attempt >= LAST_ATTEMPT) return { startedAt, earlier: [], found: [] };
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

/** The turn of the run; null when it was not granted yet, or when the queue does not answer in time. */
async function turnOf(client: Client, queueId: string, run: Release): Promise<TurnGrant | null> {
  try {
    const handle = client.workflow.getHandle(queueId);
    return await client.withDeadline(Date.now() + QUERY_MS, () =>
      handle.query<TurnGrant | null, [Release]>(TURN_QUERY, run),
    );
  } catch {
    return null;
  }
}

/** False when the queue has closed or does not know of the run; true also when the queue does not answer in time. */
async function isWaiting(queueId: string, place: TurnPlace, { workflowId, runId }: RunRef): Promise<boolean> {
  const { client } = Context.current();
  // a terminated workflow still answers queries
  if ((await openRun({ workflowId: queueId })) === undefined) return false;
  const query = () => client.workflow.getHandle(queueId).query<TurnsAt[], [TurnPlace]>(TURNS_QUERY, place);
  const turns = await client.withDeadline(Date.now() + WAITING_QUERY_MS, query).catch(() => undefined);
  const isRun = (one: RunRef) => one.workflowId === workflowId && one.runId === runId;
  return turns?.some(({ waiting }) => waiting.some(isRun)) ?? true;
}

/** The open run that made the tenant, and the open run of an older version that has the turn there. */
async function findHolders({ cloud, about: { tenantId, madeBy } }: ClaimSpec, self: RunRef): Promise<RunRef[]> {
  const maker = madeBy === undefined || madeBy === self.runId ? null : await whoMade(madeBy).catch(() => null);
  const turn = tenantId === undefined ? undefined : await openRun({ workflowId: turnId(cloud, tenantId) });
  const holder = turn && (await holderOf(turn));
  const holding = holder && { workflowId: holder.workflowId, runId: firstRunIdOf(holder) };
  const others = [maker, holding].filter((run) => run !== undefined && run !== null);
  return others.filter(({ runId }) => runId !== self.runId);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

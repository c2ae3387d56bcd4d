import { Context } from '@temporalio/activity';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { acronisTenantId, tenantryReason, tenantryState, tenantryStep } from '../contract/search-attributes.js';
import { STATUS_QUERY, WAITING_MEMO } from '../contract/status.js';
import type { BlockedAhead, OperationStatus, WaitingFor } from '../contract/status.js';
import type { Release, WatchedRun, WatchedState } from '../contract/turn-queue.js';
import { claimsItsTurns, findRun, firstRunIdOf, isOpen, openRun, runStillOpen, wantsNoTurn } from './turns.js';

const QUERY_MS = 1000;
/** An earlier run mostly claims its turn within a moment, so the first tries do not report it. */
const TRIES_UNTIL_REPORTED = 3;
/** After so many tries, workers have looked for five minutes while nothing happened in an earlier run. */
const TRIES_UNTIL_PASSED = 60;

/** What a queue asks Temporal about other runs. All are safe to repeat, and none blocks its worker. */
export function createTurnWatchActivities() {
  return {
    /** Ends once a run is no longer as it was last seen; until then it fails, to be tried again. */
    watchRun: async (watched: WatchedRun): Promise<WatchedState> => await watchRun(watched),
    /** Finds which of these runs have closed. */
    closedRuns: async (runs: Release[]): Promise<Release[]> => {
      const closed: Release[] = [];
      for (const run of runs) {
        if ((await openRun(run)) === undefined) closed.push(run);
        Context.current().heartbeat();
      }
      return closed;
    },
  };
}

async function watchRun({ run, place, as, seen, releases }: WatchedRun): Promise<WatchedState> {
  const { client, info } = Context.current();
  const newest = await findRun({ workflowId: run.workflowId });
  if (newest === undefined) return { state: 'gone' };
  // another run of the same id can only have begun after it
  if (firstRunIdOf(newest) !== run.runId) return { state: 'gone', closedAt: newest.startTime.getTime() };
  if (!isOpen(newest)) return gone(newest.closeTime);
  if (as === 'earlier') {
    if (mayBePassed(newest, place, { getsOn: triesWithoutEvents(newest) < TRIES_UNTIL_PASSED }))
      return { state: 'blocked', blocked: { id: run.workflowId, ...whyOf(newest) } };
    if (seen === undefined && info.attempt >= TRIES_UNTIL_REPORTED) return { state: 'open' };
    throw runStillOpen(run);
  }
  const needsNone = place.startsWith('tenant:') ? wantsNoTurn(newest) : claimsItsTurns(newest);
  if (releases !== true && needsNone) return { state: 'gone', wantsNoTurn: true };
  const blocked = blockedOf(newest);
  if (blocked === undefined) {
    if (seen === 'open') throw runStillOpen(run);
    return { state: 'open' };
  }
  const known = { ...blocked, message: await messageOf(client, blocked) };
  if (seen === JSON.stringify(known)) throw runStillOpen(run);
  return { state: 'blocked', blocked: known };
}

function gone(closeTime: Date | undefined): WatchedState {
  return { state: 'gone', ...(closeTime && { closedAt: closeTime.getTime() }) };
}

/**
 * True for a run that wants no turn now, for one that works, waits or is blocked elsewhere, and for one that does not get on: it is paused, or no worker
 * takes it. Its tenant id shows where it has its turn or waits for it, and its state whether it has claimed that of its
 * key. A waiting run whose claim was lost claims again.
 */
function mayBePassed(run: WorkflowExecutionDescription, place: string, pace: { getsOn: boolean }): boolean {
  if (wantsNoTurn(run)) return true;
  const state = run.typedSearchAttributes.get(tenantryState);
  const tenantId = run.typedSearchAttributes.get(acronisTenantId);
  const getsOn = run.status.name !== 'PAUSED' && pace.getsOn;
  if (!place.startsWith('tenant:')) return state === undefined && !getsOn;
  if (tenantId !== undefined) return place.toLowerCase() !== `tenant:${tenantId.toLowerCase()}`;
  return !getsOn || state === 'blocked' || waitingOf(run) !== undefined;
}

/** What the tries of a watch pass on to each other. */
interface SeenEvents {
  events: number;
  /** The first try that has seen them. */
  since: number;
}

/** How many tries of this watch have seen no new event in the history of the run: very busy workers are slow to begin it. */
function triesWithoutEvents({ historyLength: events }: WorkflowExecutionDescription): number {
  const context = Context.current();
  const { attempt, heartbeatDetails } = context.info;
  const before = (heartbeatDetails as SeenEvents | undefined) ?? { events, since: 1 };
  const seen = before.events === events ? before : { events, since: attempt };
  context.heartbeat(seen);
  return attempt - seen.since + 1;
}

function waitingOf({ memo }: WorkflowExecutionDescription): WaitingFor | undefined {
  return (memo?.[WAITING_MEMO] as WaitingFor | null | undefined) ?? undefined;
}

/** The blocked run for which the others really wait: this run itself, or the one for which it waits. */
function blockedOf(run: WorkflowExecutionDescription): BlockedAhead | undefined {
  if (run.typedSearchAttributes.get(tenantryState) === 'blocked') return { id: run.workflowId, ...whyOf(run) };
  return waitingOf(run)?.waitsForBlocked;
}

function whyOf(run: WorkflowExecutionDescription): Omit<BlockedAhead, 'id'> {
  const attributes = run.typedSearchAttributes;
  return { step: attributes.get(tenantryStep) ?? '', type: attributes.get(tenantryReason) ?? '', message: '' };
}

/** The message of the blocked run; the known one when no worker answers now. */
async function messageOf(client: Client, { id, message }: BlockedAhead): Promise<string> {
  try {
    const query = () => client.workflow.getHandle(id).query<OperationStatus>(STATUS_QUERY);
    const status = await client.withDeadline(Date.now() + QUERY_MS, query);
    return status.state === 'blocked' ? status.blocked.message : message;
  } catch {
    return message;
  }
}

import { Context } from '@temporalio/activity';
import { WorkflowUpdateFailedError, type WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { OFFBOARD_CUSTOMER } from '../workflows/offboard-customer/contract.js';
import { CANCELLING_SIGNAL, type DecisionRequest, type GraceChoice } from '../contract/decisions.js';
import { FailureType } from '../contract/failures.js';
import type { UndoOutcome } from '../contract/steps.js';
import { turnId } from '../contract/tenant-turn.js';
import { placeOfTenant, TURNS_QUERY, type RunRef, type TurnPlace, type TurnsAt } from '../contract/turn-queue.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { queueOf } from './turn-claims.js';
import { holderOf, openRun } from './turns.js';

interface EndingSpec {
  cloud: string;
  tenantId: string;
  /** Who ends it: a run, by its workflow id and its first run id. */
  by: { actor: string; runId: string };
}

/** The offboarding that was ended, by its workflow id; null when there was none. */
interface Ended {
  offboarding: string | null;
}

export function createOffboardingActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Ends every offboarding of this tenant, also those that wait for their turn: by its own `restore` while its grace runs, else by a
     * cancellation, which gives the tenant back as long as it is not deleted. Safe to repeat: the same run is heard once, and any try but
     * the first knows which one an earlier try has told.
     */
    endOffboarding: activity(dependencies, patience.change, endOffboarding),
    /** Names the offboarding that was ended, since it does not begin again by itself. Changes nothing. */
    accountForOffboarding: activity(dependencies, patience.undo, accountForOffboarding),
  };
}

async function endOffboarding(
  { cloud, tenantId, by }: EndingSpec,
  { memory, remember }: Attempt,
): Promise<Found<Ended>> {
  const told = memory.ending ?? null;
  const ended = { result: { offboarding: told }, changed: told !== null };
  try {
    const runs = (await runsAt(cloud, tenantId)).filter(({ type }) => type === OFFBOARD_CUSTOMER);
    for (const run of runs) {
      memory.ending ??= run.workflowId;
      remember();
      await giveBack(run, by);
    }
    return runs.length === 0 ? ended : { result: { offboarding: memory.ending! } };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return ended;
    if (error instanceof ApplicationFailure) throw error;
    // Temporal itself is away for a moment
    throw ApplicationFailure.retryable(String(error), FailureType.Unavailable);
  }
}

/** The open runs that have the turn at a tenant, by the queue or as runs of older versions have it, and those that wait for it. */
async function runsAt(cloud: string, tenantId: string): Promise<WorkflowExecutionDescription[]> {
  const turn = await openRun({ workflowId: turnId(cloud, tenantId) });
  const holder = turn && (await holderOf(turn));
  const there = await Promise.all((await inQueue(cloud, tenantId)).map(async (run) => await openRun(run)));
  return [holder, ...there].filter((run) => run !== undefined);
}

async function inQueue(cloud: string, tenantId: string): Promise<RunRef[]> {
  const place = placeOfTenant(tenantId);
  try {
    const { client, info } = Context.current();
    const queue = client.workflow.getHandle(queueOf(cloud, place, info.taskQueue));
    const turns = await queue.query<TurnsAt[], [TurnPlace]>(TURNS_QUERY, place);
    return turns.flatMap(({ atWork, waiting }) => [...atWork, ...waiting]);
  } catch (error) {
    // nobody has ever wanted a turn there
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}

const RESTORE: GraceChoice = 'restore';

async function giveBack({ workflowId, runId }: { workflowId: string; runId: string }, by: EndingSpec['by']) {
  const handle = Context.current().client.workflow.getHandle(workflowId, runId);
  const request = { actor: by.actor, reason: 'the customer stays' };
  try {
    await handle.executeUpdate(RESTORE, { args: [request], updateId: by.runId });
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    await handle.signal<[DecisionRequest]>(CANCELLING_SIGNAL, request);
    await handle.cancel();
  }
}

async function accountForOffboarding({
  tenantId,
  came,
}: {
  cloud: string;
  tenantId: string;
  came: Ended | null;
  unsure: boolean;
}): Promise<Found<UndoOutcome>> {
  const { offboarding = null } = came ?? {};
  if (offboarding === null) return { result: { undone: false, leftovers: [] } };
  const reason = `${offboarding} was ended for it and does not begin again by itself; run it again if the customer is to go`;
  return { result: { undone: false, leftovers: [{ kind: 'setting', id: tenantId, reason }] } };
}

import { Context } from '@temporalio/activity';
import { WorkflowUpdateFailedError, type WorkflowExecutionDescription } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { CANCELLING_SIGNAL, type DecisionRequest, type GraceChoice } from '../contract/decisions.js';
import { FailureType } from '../contract/failures.js';
import {
  turnId,
  TURNS_QUERY,
  placeOfTenant,
  type RunRef,
  type TurnPlace,
  type TurnsAt,
} from '../contract/turn-queue.js';
import { OFFBOARD_CUSTOMER } from '../workflows/offboard-customer/contract.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome, TenantSpec } from './attempt.js';
import { queueIdFor } from './turn-claims.js';
import { holderOf, openRun } from './turns.js';
import { leaveAsIs, nothingToUndo, type StepToUndo, type UndoResult } from './undo.js';

interface EndingSpec extends TenantSpec {
  /** The run that ends the offboarding: its workflow id and its first run id. */
  by: { actor: string; runId: string };
}

/** The workflow id of the offboarding that was ended; null when there was none. */
interface Ended {
  offboarding: string | null;
  /** Of those that waited behind it. */
  others?: string[];
}

export function createOffboardingActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Ends every offboarding of this tenant, also those that wait for their turn: by its own `restore` during its grace
     * period, else by a cancellation, which gives the tenant back unless it is deleted. Safe to repeat: an offboarding
     * accepts the request of a run once, and later tries know which offboarding an earlier try has ended.
     */
    endOffboarding: activity.change(dependencies, endOffboarding),
    /** Names the offboarding that was ended, because it does not begin again by itself. Changes nothing. */
    accountForOffboarding: activity.undo(dependencies, accountForOffboarding),
  };
}

async function endOffboarding(
  { cloud, tenantId, by }: EndingSpec,
  { memory, remember }: Attempt,
): Promise<Outcome<Ended>> {
  const ended = new Set(memory.endings);
  try {
    const runs = (await findRuns(cloud, tenantId)).filter(({ type }) => type === OFFBOARD_CUSTOMER);
    for (const run of runs) {
      memory.endings = [...ended, run.workflowId];
      remember();
      if (await requestRestore(run, by)) ended.add(run.workflowId);
    }
    memory.endings = [...ended];
    const [offboarding = null, ...others] = ended;
    return { result: { offboarding, ...(others.length > 0 && { others }) }, changed: offboarding !== null };
  } catch (error) {
    if (error instanceof ApplicationFailure) throw error;
    // Temporal does not answer at the moment
    throw ApplicationFailure.retryable(String(error), FailureType.Unavailable);
  }
}

/** The open runs that have the turn at a tenant, in the queue or as runs of older versions, and those that wait for it. */
async function findRuns(cloud: string, tenantId: string): Promise<WorkflowExecutionDescription[]> {
  const turn = await openRun({ workflowId: turnId(cloud, tenantId) });
  const holder = turn && (await holderOf(turn));
  const there = await Promise.all((await runsInQueue(cloud, tenantId)).map(async (run) => await openRun(run)));
  return [holder, ...there].filter((run) => run !== undefined);
}

async function runsInQueue(cloud: string, tenantId: string): Promise<RunRef[]> {
  const place = placeOfTenant(tenantId);
  try {
    const { client, info } = Context.current();
    const queue = client.workflow.getHandle(queueIdFor(cloud, place, info.taskQueue));
    const turns = await queue.query<TurnsAt[], [TurnPlace]>(TURNS_QUERY, place);
    return turns.flatMap(({ atWork, waiting }) => [...atWork, ...waiting]);
  } catch (error) {
    // no run has ever wanted a turn there
    if (error instanceof WorkflowNotFoundError) return [];
    throw error;
  }
}

const RESTORE: GraceChoice = 'restore';

/** False when the run had closed by itself. */
async function requestRestore(
  { workflowId, runId }: { workflowId: string; runId: string },
  by: EndingSpec['by'],
): Promise<boolean> {
  const handle = Context.current().client.workflow.getHandle(workflowId, runId);
  const request = { actor: by.actor, reason: 'the customer stays' };
  try {
    try {
      await handle.executeUpdate(RESTORE, { args: [request], updateId: by.runId });
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      await handle.signal<[DecisionRequest]>(CANCELLING_SIGNAL, request);
      await handle.cancel();
    }
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

async function accountForOffboarding({
  tenantId,
  came,
}: TenantSpec & StepToUndo & { came: Ended | null }): Promise<UndoResult> {
  const { offboarding = null, others = [] } = came ?? {};
  if (offboarding === null) return { result: nothingToUndo() };
  const behind = others.length > 0 ? ` (and so was ${others.join(', ')})` : '';
  const reason = `${offboarding} was ended for it${behind} and does not begin again by itself; run it again if the customer must go`;
  return { result: leaveAsIs('setting', tenantId, reason) };
}

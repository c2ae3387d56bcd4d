import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { catalogue, differingFields, type CatalogueEntry } from '../catalogue/index.js';
import { toRunStatus, type RefusedStart, type RunStatus } from '../contract/children.js';
import { CANCELLING_SIGNAL, type DecisionRequest } from '../contract/decisions.js';
import { tenantryState } from '../contract/search-attributes.js';
import { startOf, type RunStart } from '../contract/starts.js';
import { hasEnded, STATUS_QUERY, type OperationState, type OperationStatus } from '../contract/status.js';
import type { RunRef } from '../contract/turn-queue.js';
import { finalStatus, startInput } from '../vault/index.js';
import { findRun, firstRunIdOf, isOpen, openRun, parentOf, runStillOpen } from './turns.js';

const QUERY_MS = 1000;

/** An operation that a workflow wants to start. */
export interface WantedRun {
  operation: string;
  input: unknown;
}

/** The open run that has the workflow id of a wanted one. */
export interface OpenRun {
  /** The first run id, and the present one, which a reset has changed. */
  runId: string;
  currentRunId: string;
  /** True when the workflow that asks has started it. */
  own: boolean;
  /** How its input differs from that of the wanted run, in words; absent when both are equal. */
  otherInput?: string[];
}

/**
 * What a workflow needs to start operations: a workflow can neither read the catalogue nor ask Temporal. All are safe to
 * repeat. They call no cloud.
 */
export function createChildActivities() {
  return {
    /** Reads an input as the command line does, and says under which workflow id the operation is started. */
    prepareStart: async ({ operation, input }: WantedRun): Promise<RunStart | RefusedStart> => {
      const entry = catalogue[operation];
      if (entry === undefined)
        return { refused: [{ path: 'operation', message: `${operation} is unknown to this worker` }] };
      const reading = entry.read(input);
      return reading.ok ? startOf(operation, reading) : { refused: reading.problems };
    },
    /**
     * Compares the open run of a workflow id with a wanted one; null when none is open. While a run that has ended is
     * about to close it fails, to be tried again.
     */
    compareOpenRun: async (wanted: WantedRun & Pick<RunStart, 'workflowId'>): Promise<OpenRun | null> =>
      await compareOpenRun(wanted),
    /**
     * Ends once a run has closed, or is no longer in the state in which it was last seen. Until then it fails, to be
     * tried again.
     */
    lookAtRun: async (run: RunRef & { seen: OperationState }): Promise<RunStatus> => await lookAtRun(run),
    /** Asks a run to stop, and says who asks and why; false when it has closed. */
    cancelRun: async ({ request, ...run }: RunRef & { request: DecisionRequest }): Promise<boolean> =>
      await cancelRun(run, request),
  };
}

async function compareOpenRun({
  operation,
  input,
  workflowId,
}: WantedRun & Pick<RunStart, 'workflowId'>): Promise<OpenRun | null> {
  const { client, info } = Context.current();
  const open = await openRun({ workflowId });
  if (open === undefined) return null;
  const runId = firstRunIdOf(open);
  if (hasEnded({ state: stateOf(open) })) throw runStillOpen({ workflowId, runId });
  const own = parentOf(open)?.workflowId === info.workflowExecution?.workflowId;
  const otherInput =
    open.type === operation
      ? await differencesTo(client, open, catalogue[operation]!, input)
      : [`it is a run of ${open.type}`];
  return { runId, currentRunId: open.runId, own, ...(otherInput.length > 0 && { otherInput }) };
}

async function differencesTo(
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
  entry: CatalogueEntry,
  input: unknown,
): Promise<string[]> {
  const wanted = entry.read(input, { hasBegun: true });
  return differingFields(entry, await startInput(client, workflowId, runId), wanted.ok ? wanted.order : undefined);
}

async function lookAtRun({ seen, ...run }: RunRef & { seen: OperationState }): Promise<RunStatus> {
  const { client } = Context.current();
  const { workflowId, runId } = run;
  const newest = await findRun({ workflowId });
  // another run of the same id can only have begun after it
  const its = newest && firstRunIdOf(newest) === runId ? newest : await findRun(run);
  if (its === undefined) return unknownRun(workflowId);
  if (!isOpen(its)) return toRunStatus(await finalStatus(client, its));
  const state = stateOf(its);
  // a run that has ended is about to close
  if (state === seen || hasEnded({ state })) throw runStillOpen(run);
  const query = () => client.workflow.getHandle(workflowId, its.runId).query<OperationStatus>(STATUS_QUERY);
  return toRunStatus(await client.withDeadline(Date.now() + QUERY_MS, query));
}

/** A run without its first task has no state yet. */
function stateOf({ typedSearchAttributes }: WorkflowExecutionDescription): OperationState {
  return (typedSearchAttributes.get(tenantryState) as OperationState | undefined) ?? 'running';
}

/** Temporal keeps a closed run only for the retention time of the namespace. */
function unknownRun(id: string): RunStatus {
  const reason = { type: 'Internal', message: 'Temporal no longer keeps this run' };
  const [operation = ''] = id.split(':');
  const now = new Date().toISOString();
  return { operation, id, state: 'failed', reason, startedAt: now, updatedAt: now };
}

async function cancelRun(run: RunRef, request: DecisionRequest): Promise<boolean> {
  const open = await openRun(run);
  if (open === undefined) return false;
  const handle = Context.current().client.workflow.getHandle(run.workflowId, open.runId);
  try {
    await handle.signal<[DecisionRequest]>(CANCELLING_SIGNAL, request);
    await handle.cancel();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

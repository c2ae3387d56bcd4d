import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { TENANT_TURN, turnId } from '../../contract/turn-queue.js';
import { temporalReads, runWatches } from '../kernel/activity-options.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import type { TenantTurnRequest } from '../turns/turns.js';
import { toSummary } from '../../contract/markdown.js';

/**
 * How runs of revision 1 take their turn: like `Turns`, but without an order. True when the run had to wait.
 */
export async function takeUnorderedTurn(
  { cloud, tenantId, madeBy }: TenantTurnRequest,
  onWaiting: (waitsFor?: string) => void,
): Promise<boolean> {
  const turn = turnId(cloud, tenantId);
  let waited = false;
  const waitFor = async (holder: string, until: () => Promise<void>) => {
    waited = true;
    onWaiting(holder);
    await until();
  };
  while (!(await claim(turn))) {
    const taken = await retryOnEviction(() => temporalReads.whoseTurn({ turn }));
    if (taken !== null)
      await waitFor(taken.holder, () => runWatches.turnEnds({ workflowId: turn, runId: taken.runId }));
  }
  if (madeBy !== undefined && madeBy !== workflowInfo().firstExecutionRunId) {
    const maker = await retryOnEviction(() => temporalReads.whoMade({ runId: madeBy }));
    if (maker !== null) await waitFor(maker.workflowId, () => runWatches.runCloses(maker));
  }
  if (waited) onWaiting();
  return waited;
}

async function claim(turn: string): Promise<boolean> {
  try {
    // a cancelled run still undoes: it must keep its turn, and not wait forever for a child that was cancelled at its
    // start
    await CancellationScope.nonCancellable(
      async () =>
        await startChild(TENANT_TURN, {
          workflowId: turn,
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: toSummary(`Held by ${workflowInfo().workflowId}`),
        }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

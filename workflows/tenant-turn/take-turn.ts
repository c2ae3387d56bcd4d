import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import { TENANT_TURN, turnId } from '../../contract/tenant-turn.js';
import { patientLooks, waits } from '../kernel/activity-options.js';
import { retryOnEviction } from '../kernel/eviction.js';
import type { Place } from '../turns/turns.js';

/**
 * How runs of revision 1 take their turn: the same as `Turns`, but in no order. True when there was somebody to wait for.
 */
export async function takeTurn(
  { cloud, tenantId, madeBy }: Place,
  tell: (waitsFor?: string) => void,
): Promise<boolean> {
  const turn = turnId(cloud, tenantId);
  let waited = false;
  const waitFor = async (whom: string, until: () => Promise<void>) => {
    waited = true;
    tell(whom);
    await until();
  };
  while (!(await claim(turn))) {
    const taken = await retryOnEviction(() => patientLooks.whoseTurn({ turn }));
    if (taken !== null) await waitFor(taken.holder, () => waits.turnEnds({ workflowId: turn, runId: taken.runId }));
  }
  if (madeBy !== undefined && madeBy !== workflowInfo().firstExecutionRunId) {
    const maker = await retryOnEviction(() => patientLooks.whoMade({ runId: madeBy }));
    if (maker !== null) await waitFor(maker.workflowId, () => waits.runCloses(maker));
  }
  if (waited) tell();
  return waited;
}

async function claim(turn: string): Promise<boolean> {
  try {
    // a cancelled run still undoes: it must not lose its turn before, nor wait for ever for a child that was cancelled while it began
    await CancellationScope.nonCancellable(
      async () =>
        await startChild(TENANT_TURN, {
          workflowId: turn,
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: `Held by ${workflowInfo().workflowId}`.slice(0, 150),
        }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

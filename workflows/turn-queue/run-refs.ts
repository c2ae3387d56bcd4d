import type { RunRef } from '../../contract/turn-queue.js';

export function refOf({ workflowId, runId }: RunRef): RunRef {
  return { workflowId, runId };
}

export function isSameRun(run: RunRef) {
  return (one: RunRef): boolean => one.workflowId === run.workflowId && one.runId === run.runId;
}

export function isOtherRun(run: RunRef) {
  return (one: RunRef): boolean => !isSameRun(run)(one);
}

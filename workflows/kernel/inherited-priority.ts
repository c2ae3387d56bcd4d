import { workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';

/**
 * Gives the activities of a run the priority of the run, so that a worker sees in an attempt whether a person waits for
 * it: Temporal uses the priority of the run to order its tasks, but does not tell it to their workers. It is no part of
 * what a replay compares.
 */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      // not async: that would change in which order other things happen
      scheduleActivity(input, next) {
        const { priority } = workflowInfo();
        if (priority?.priorityKey === undefined || input.options.priority !== undefined) return next(input);
        return next({ ...input, options: { ...input.options, priority } });
      },
    },
  ],
});

import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Execution } from './execution.js';
import type { Service } from './service.js';

/** What activities may ask the simulated service of other runs. Anything else they ask for is not there, and fails. */
export function clientOf(service: Service): Client {
  const getHandle = (workflowId: string, runId?: string) => ({
    describe: async () => {
      const run = service.find(workflowId, runId);
      if (run === undefined) throw new WorkflowNotFoundError('no such run', workflowId, runId);
      return description(run);
    },
    cancel: async () => {
      const run = service.find(workflowId, runId);
      if (run === undefined || run.closing !== undefined)
        throw new WorkflowNotFoundError('no such run, or it has closed', workflowId, runId);
      service.cancel(run);
    },
  });
  // of all queries only that for one run is asked
  async function* list({ query }: { query: string }) {
    const [, runId] = /^RunId = '([^']+)'$/.exec(query) ?? [];
    if (runId === undefined) throw new Error(`the simulated service does not understand ${query}`);
    for (const run of service.executions)
      if (run.runId === runId) yield { workflowId: run.beginning.workflowId, runId };
  }
  const withAbortSignal = async <T>(_signal: AbortSignal, act: () => Promise<T>) => await act();
  return { workflow: { getHandle, list }, withAbortSignal } as unknown as Client;
}

function description({ beginning: { workflowId, runId, workflowType }, closing, parent }: Execution) {
  const parentExecution = parent && { workflowId: parent.run.beginning.workflowId, runId: parent.run.runId };
  const name = closing === undefined ? 'RUNNING' : 'COMPLETED';
  // it resets no run
  const workflowExecutionInfo = { parentExecution, firstRunId: runId };
  return { workflowId, runId, type: workflowType, status: { name }, raw: { workflowExecutionInfo } };
}

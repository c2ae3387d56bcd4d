import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
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
    fetchHistory: async () => {
      const payloads = service.find(workflowId, runId)?.beginning.arguments ?? [];
      return { events: [{ workflowExecutionStartedEventAttributes: { input: { payloads } } }] };
    },
    cancel: async () => {
      const run = service.find(workflowId, runId);
      if (run === undefined || run.closing !== undefined)
        throw new WorkflowNotFoundError('no such run, or it has closed', workflowId, runId);
      service.cancel(run);
    },
  });
  // only two queries are asked: for one run, and for the runs of some workflow ids
  async function* list({ query }: { query: string }) {
    const [, runId] = /^RunId = '([^']+)'$/.exec(query) ?? [];
    const [, given] = /^WorkflowId IN \((.*)\)$/.exec(query) ?? [];
    if (runId === undefined && given === undefined)
      throw new Error(`the simulated service does not understand ${query}`);
    const ids = (given ?? '').split(', ').map((id) => id.slice(1, -1));
    for (const run of service.executions.toReversed())
      if (run.runId === runId || ids.includes(run.beginning.workflowId)) yield listed(run);
  }
  const withAbortSignal = async <T>(_signal: AbortSignal, act: () => Promise<T>) => await act();
  const withDeadline = async <T>(_deadline: number, act: () => Promise<T>) => await act();
  const options = { loadedDataConverter: { payloadCodecs: [], payloadConverter: defaultPayloadConverter } };
  return { workflow: { getHandle, list }, withAbortSignal, withDeadline, options } as unknown as Client;
}

/** It keeps no time of closing: the newest comes first. */
function listed({ beginning: { workflowId, runId, workflowType }, closing, attributes }: Execution) {
  const name = closing === undefined ? 'RUNNING' : closing.completeWorkflowExecution ? 'COMPLETED' : 'FAILED';
  const typedSearchAttributes = { get: ({ name: key }: { name: string }) => [attributes[key]].flat()[0] };
  return { workflowId, runId, type: workflowType, status: { name }, typedSearchAttributes };
}

function description({ beginning: { workflowId, runId, workflowType }, closing, parent }: Execution) {
  const parentExecution = parent && { workflowId: parent.run.beginning.workflowId, runId: parent.run.runId };
  const name = closing === undefined ? 'RUNNING' : 'COMPLETED';
  // it resets no run
  const workflowExecutionInfo = { parentExecution, firstRunId: runId };
  return { workflowId, runId, type: workflowType, status: { name }, raw: { workflowExecutionInfo } };
}

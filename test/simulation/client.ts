import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowUpdateFailedError } from '@temporalio/client';
import { defaultFailureConverter, defaultPayloadConverter, WorkflowNotFoundError } from '@temporalio/common';
import type { Execution } from './execution.js';
import { historyEvents } from './history-events.js';
import { matchesQuery } from './search.js';
import { payload, type Service } from './service.js';
import type { Failure } from './worker.js';

interface SignalledStart {
  workflowId: string;
  args: object[];
  signal: string;
  signalArgs: object[];
}

/** The part of Temporal's client that starts operations, and reads and signals runs. Other uses fail. */
export function clientOf(service: Service): Client {
  const open = (workflowId: string, runId?: string) => {
    const run = service.find(workflowId, runId);
    if (run === undefined || run.closing !== undefined)
      throw new WorkflowNotFoundError('no such run, or it has closed', workflowId, runId);
    return run;
  };
  const getHandle = (workflowId: string, runId?: string) => ({
    describe: async () => {
      await service.connected();
      const run = service.find(workflowId, runId);
      if (run === undefined) throw new WorkflowNotFoundError(`${workflowId} was not found`, workflowId, runId);
      const raw = { ...description(run).raw, pendingActivities: service.pendingOf(run) };
      return { ...description(run), raw };
    },
    fetchHistory: async () => {
      const run = service.find(workflowId, runId);
      return { events: run === undefined ? [] : historyEvents(run) };
    },
    cancel: async () => service.cancel(open(workflowId, runId)),
    signal: async (name: string, ...args: object[]) => {
      await service.connected();
      open(workflowId, runId).signal(name, args.map(payload));
    },
    executeUpdate: async (name: string, { args: [arg = {}] }: { args: object[] }) => {
      await service.connected();
      const answer = await service.update(open(workflowId, runId), name, arg);
      if ('taken' in answer) return answer.taken;
      throw new WorkflowUpdateFailedError('the update was refused', failureToError(answer.refused));
    },
    query: async (name: string, ...args: object[]) => {
      await service.connected();
      return await open(workflowId, runId).query(name, args.map(payload));
    },
  });
  const start = async (type: string, { workflowId, args }: Pick<SignalledStart, 'workflowId' | 'args'>) => {
    const there = service.find(workflowId);
    if (there !== undefined && there.closing === undefined)
      throw new WorkflowExecutionAlreadyStartedError('it is open', workflowId, type);
    return { firstExecutionRunId: service.start(type, workflowId, args.map(payload)).runId };
  };
  const signalWithStart = async (type: string, { workflowId, args, signal, signalArgs }: SignalledStart) => {
    await service.connected();
    const there = service.find(workflowId);
    const running = there !== undefined && there.closing === undefined;
    const run = running ? there : service.start(type, workflowId, args.map(payload));
    run.signal(signal, signalArgs.map(payload));
  };
  async function* list({ query = '' }: { query?: string } = {}) {
    for (const run of service.executions.toReversed()) if (matchesQuery(run, query)) yield description(run);
  }
  const count = async (query: string) => ({
    count: service.executions.filter((run) => matchesQuery(run, query)).length,
  });
  const getWorkflowExecutionHistory = async ({ execution: { workflowId, runId } }: HistoryRequest) => {
    const input = { payloads: service.find(workflowId, runId)!.beginning.arguments };
    return { history: { events: [{ workflowExecutionStartedEventAttributes: { input } }] } };
  };
  const describeWorkflowExecution = async ({ execution: { workflowId, runId } }: HistoryRequest) => {
    await service.connected();
    const run = service.find(workflowId, runId);
    return { pendingActivities: run === undefined ? [] : service.pendingOf(run) };
  };
  const withAbortSignal = async <T>(_signal: AbortSignal, act: () => Promise<T>) => await act();
  const workflow = { getHandle, list, count, start, signalWithStart };
  const describeTaskQueue = async () => ({ pollers: [] });
  const requestCancelWorkflowExecution = async ({ workflowExecution: { workflowId } }: CancelRequest) =>
    await Promise.resolve(service.cancel(open(workflowId)));
  const deleteWorkflowExecution = async ({ workflowExecution: { workflowId, runId } }: DeleteRequest) =>
    await Promise.resolve(service.forget(workflowId, runId));
  const workflowService = {
    deleteWorkflowExecution,
    getWorkflowExecutionHistory,
    describeWorkflowExecution,
    describeTaskQueue,
    requestCancelWorkflowExecution,
  };
  return {
    workflow,
    workflowService,
    connection: { workflowService, withAbortSignal },
    options,
    withAbortSignal,
    withDeadline,
  } as never;
}

function failureToError(failure: Failure): Error {
  return defaultFailureConverter.failureToError(failure, defaultPayloadConverter);
}

interface DeleteRequest {
  workflowExecution: { workflowId: string; runId: string };
}

interface CancelRequest {
  workflowExecution: { workflowId: string };
}

interface HistoryRequest {
  execution: { workflowId: string; runId: string };
}

const options = {
  namespace: 'simulated',
  loadedDataConverter: {
    payloadConverter: defaultPayloadConverter,
    failureConverter: defaultFailureConverter,
    payloadCodecs: [],
  },
};

async function withDeadline<T>(deadline: number, act: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the deadline has passed')), deadline - Date.now());
  });
  try {
    return await Promise.race([act(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function description({ beginning, closing, closedAt, parent, memo, attributes, historyLength }: Execution) {
  const { workflowId, runId, workflowType: type, firstRunId = runId, at, priority } = beginning;
  const parentExecution = parent && { workflowId: parent.run.beginning.workflowId, runId: parent.run.runId };
  const name = closing === undefined ? 'RUNNING' : closing.completeWorkflowExecution ? 'COMPLETED' : 'FAILED';
  const valueOf = (one: string) => [attributes[one]].flat()[0] ?? undefined;
  const typedSearchAttributes = {
    get: (key: { name: string }) => valueOf(key.name),
    getAll: () =>
      Object.keys(attributes).flatMap((one) => {
        const value = valueOf(one);
        return value === undefined ? [] : [{ key: { name: one }, value }];
      }),
  };
  const times = { startTime: new Date(at), ...(closedAt === undefined ? {} : { closeTime: new Date(closedAt) }) };
  // the simulated service never resets a run
  const raw = { firstRunId, workflowExecutionInfo: { parentExecution, firstRunId } };
  const known = { type, status: { name }, typedSearchAttributes, parentExecution, memo, priority, historyLength };
  return { workflowId, runId, ...known, ...times, raw };
}

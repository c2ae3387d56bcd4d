import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { TypedSearchAttributes } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import type { coresdk } from '@temporalio/proto';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';

/**
 * The only file that uses internals of the SDK: its workflow VM, which a real worker drives in the same way. They can
 * change with every version, so the SDK is pinned exactly.
 */

/** The only task queue. */
export const TASK_QUEUE = 'simulated';

export type Job = coresdk.workflow_activation.IWorkflowActivationJob;
export type Command = coresdk.workflow_commands.IWorkflowCommand;

/** What a run starts with. */
export interface Beginning {
  workflowType: string;
  workflowId: string;
  runId: string;
  /** The first run id of a chain of continued-as-new runs. Default: its own. */
  firstRunId?: string;
  /** The run that has started it. */
  parent?: { workflowId: string; runId: string };
  arguments: NonNullable<coresdk.workflow_activation.IInitializeWorkflow['arguments']>;
  /** Milliseconds since 1970. */
  at: number;
  taskTimeoutMs: number;
  /** As its parent has chosen it. */
  priority?: { priorityKey: number };
}

/** The time of an activation, whether it is a replay, and what the server says of the history. */
export interface Moment {
  at: number;
  replaying: boolean;
  historyLength: number;
  suggestsNew?: boolean;
}

/** A run in the cache of a worker. */
export interface Instance {
  /** Passes jobs to the workflow and gives its commands. Throws if its code fails. */
  activate(jobs: Job[], moment: Moment): Promise<Command[]>;
  dispose(): Promise<void>;
}

/** Runs the workflows of a bundle. */
export interface Sandbox {
  begin(beginning: Beginning): Promise<Instance>;
}

/** The workflow code failed. A real worker would fail its task and retry forever. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
}

/** A time limit would cost a thread for each call into the VM, a quarter of all time. */
const NO_LIMIT = undefined as unknown as number;

/** SDK flags of this version. A real server stores them with each task and passes them at each replay. */
const FLAGS = [1, 2, 3, 4, 5, 6];

/** Loads a bundle once for any number of runs. Stack traces of promises stay off: they cost most of the time. */
export function openSandbox(
  path: string,
  activityNames: readonly string[],
  code: string = readFileSync(path, 'utf8'),
): Sandbox {
  const sourceMap = { version: '3', sources: [], names: [], mappings: '', file: path };
  const bundle = { code, sourceMap: sourceMap as never, filename: path };
  const script = new vm.Script(code, { filename: path });
  const creator = new ReusableVMWorkflowCreator(script, bundle, NO_LIMIT, new Set(activityNames));
  return {
    async begin(beginning) {
      const { runId, at } = beginning;
      const info = infoOf(beginning);
      const options = {
        info,
        randomnessSeed: [...Buffer.from(runId)].slice(0, 8),
        now: at,
        showStackTraceSources: false,
      };
      const workflow = await creator.createWorkflow(options as never);
      return {
        async activate(jobs, { at: now, replaying, historyLength, suggestsNew = false }) {
          const completion = await workflow.activate({
            runId,
            timestamp: msToTs(now),
            isReplaying: replaying,
            historyLength,
            continueAsNewSuggested: suggestsNew,
            availableInternalFlags: FLAGS,
            // the SDK turns all jobs but queries into classes, and then reads their variant
            jobs: jobs.map((job) => (job.queryWorkflow ? { ...job, variant: 'queryWorkflow' } : job)),
          });
          const failure = completion.failed?.failure;
          if (failure) throw new TaskFailed(`${failure.message ?? ''}\n${failure.stackTrace ?? ''}`);
          return completion.successful?.commands ?? [];
        },
        dispose: async () => await workflow.dispose(),
      };
    },
  };
}

/** The first job of every run. */
export function initializeJob(beginning: Beginning): Job {
  const { workflowType, workflowId, runId, firstRunId = runId, at } = beginning;
  return {
    initializeWorkflow: {
      workflowType,
      workflowId,
      arguments: beginning.arguments,
      firstExecutionRunId: firstRunId,
      originalExecutionRunId: runId,
      attempt: 1,
      startTime: msToTs(at),
    },
  };
}

function infoOf({ workflowType, workflowId, runId, firstRunId = runId, parent, priority, ...beginning }: Beginning) {
  const { at, taskTimeoutMs } = beginning;
  const now = () => at;
  return {
    workflowId,
    runId,
    workflowType,
    searchAttributes: {},
    typedSearchAttributes: new TypedSearchAttributes(),
    taskQueue: TASK_QUEUE,
    namespace: 'simulated',
    firstExecutionRunId: firstRunId,
    originalExecutionRunId: runId,
    ...(firstRunId !== runId && { continuedFromExecutionRunId: firstRunId }),
    startTime: new Date(at),
    runStartTime: new Date(at),
    ...(parent && { parent: { ...parent, namespace: 'simulated' } }),
    ...(priority && { priority }),
    taskTimeoutMs,
    attempt: 1,
    historyLength: 3,
    historySize: 0,
    continueAsNewSuggested: false,
    unsafe: { now, isReplaying: false, isReplayingHistoryEvents: false, random: Math.random },
  };
}

/** A duration of the protocol in milliseconds; undefined if there is none or it is zero. */
export function milliseconds(duration: Parameters<typeof tsToMs>[0]): number | undefined {
  if (duration === null || duration === undefined) return undefined;
  const ms = tsToMs(duration);
  return ms === 0 ? undefined : ms;
}

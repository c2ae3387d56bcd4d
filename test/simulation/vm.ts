import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { TypedSearchAttributes } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import type { coresdk } from '@temporalio/proto';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';

/**
 * The only file that knows the inside of the SDK: its workflow VM, which a real worker drives in the same way. Nothing of it is
 * promised from one version to the next, so the SDK is pinned exactly.
 */

export type Job = coresdk.workflow_activation.IWorkflowActivationJob;
export type Command = coresdk.workflow_commands.IWorkflowCommand;

/** What a run is begun with. */
export interface Beginning {
  workflowType: string;
  workflowId: string;
  runId: string;
  /** The first of those that have gone on as new; its own unless told. */
  firstRunId?: string;
  arguments: NonNullable<coresdk.workflow_activation.IInitializeWorkflow['arguments']>;
  /** Milliseconds since 1970. */
  at: number;
  taskTimeoutMs: number;
}

/** When an activation happens, and whether it is a repetition of what is in the history. */
export interface Moment {
  at: number;
  replaying: boolean;
  historyLength: number;
}

/** A run in the memory of a worker. */
export interface Instance {
  /** Tells the workflow what has happened and gives the commands with which it answers; throws when its code fails. */
  activate(jobs: Job[], moment: Moment): Promise<Command[]>;
  dispose(): Promise<void>;
}

/** Where workflows of a bundle are run. */
export interface Sandbox {
  begin(beginning: Beginning): Promise<Instance>;
}

/** The workflow code failed: a real worker would fail its task and try again for ever. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
}

/** A limit would cost a thread for each step into the VM, a quarter of all time. */
const NO_LIMIT = undefined as unknown as number;

/** How this version of the SDK behaves where it once was otherwise: a server notes it with each task and tells it at each replay. */
const FLAGS = [1, 2, 3, 4, 5, 6];

/** Loads a bundle once for any number of runs. Stack traces of promises stay off: they cost most of the time. */
export function openSandbox(path: string, activityNames: readonly string[]): Sandbox {
  const code = readFileSync(path, 'utf8');
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
        async activate(jobs, { at: now, replaying, historyLength }) {
          const completion = await workflow.activate({
            runId,
            timestamp: msToTs(now),
            isReplaying: replaying,
            historyLength,
            availableInternalFlags: FLAGS,
            // the SDK makes classes of all jobs but of queries, and then asks these for their variant
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

function infoOf({ workflowType, workflowId, runId, firstRunId = runId, at, taskTimeoutMs }: Beginning) {
  const now = () => at;
  return {
    workflowId,
    runId,
    workflowType,
    searchAttributes: {},
    typedSearchAttributes: new TypedSearchAttributes(),
    taskQueue: 'simulated',
    namespace: 'simulated',
    firstExecutionRunId: firstRunId,
    originalExecutionRunId: runId,
    startTime: new Date(at),
    runStartTime: new Date(at),
    taskTimeoutMs,
    attempt: 1,
    historyLength: 3,
    historySize: 0,
    continueAsNewSuggested: false,
    unsafe: { now, isReplaying: false, isReplayingHistoryEvents: false, random: Math.random },
  };
}

/** A duration of the protocol in milliseconds; undefined when there is none, or when it is zero. */
export function milliseconds(duration: Parameters<typeof tsToMs>[0]): number | undefined {
  if (duration === null || duration === undefined) return undefined;
  const ms = tsToMs(duration);
  return ms === 0 ? undefined : ms;
}

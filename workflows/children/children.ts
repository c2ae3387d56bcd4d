import { WorkflowExecutionAlreadyStartedError, type Duration } from '@temporalio/common';
import {
  CancellationScope,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { WantedRun } from '../../activities/children.js';
import {
  RUN_NEWS_SIGNAL,
  WATCH_SIGNAL,
  type Child,
  type RefusedStart,
  type RunNews,
  type RunStatus,
  type WatchRequest,
} from '../../contract/children.js';
import type { DecisionRequest } from '../../contract/decisions.js';
import { startPolicy, type RunStart } from '../../contract/starts.js';
import { hasEnded } from '../../contract/status.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import { runWatches, slowLooks, temporalReads } from '../kernel/activity-options.js';
import { BULK_PRIORITY } from '../../contract/call-budget.js';
import type { StartDetails } from '../kernel/operation.js';
import { onSignal } from '../kernel/signals.js';

/** What a workflow says of an operation that it starts. */
export interface ChildOptions {
  details?: StartDetails | undefined;
  /** True when no person waits for it: its calls of the cloud go after all others. */
  isBulk?: boolean | undefined;
}

/**
 * The operations that a workflow has started, and the runs of others that it watches. The state of each arrives by
 * signal, so nothing here waits for a child: the workflow may continue as new while its children run, and passes on
 * `all`. A run that ends without a word, because somebody has terminated it, is noticed by a slow look.
 */
export class Children {
  private readonly known = new Map<string, Child>();
  private readonly looks = new Map<string, CancellationScope>();
  /** News of runs whose start this workflow has not heard of yet. */
  private readonly early: RunNews[] = [];
  private starting = 0;

  /** Must be created before the workflow waits for anything. `lookAfter`: how long news are awaited before a look. */
  constructor(
    saved: readonly Child[] = [],
    private readonly lookAfter: Duration = '1 minute',
  ) {
    onSignal(RUN_NEWS_SIGNAL, (news: Partial<RunNews> | null) => this.hear(news ?? {}), {
      description: 'How an operation gets on that this workflow has started or watches',
    });
    for (const child of saved) this.add(child);
  }

  /** As plain data: a workflow that continues as new gives it to its next run. */
  get all(): readonly Child[] {
    return [...this.known.values()];
  }

  get(id: string): Child | undefined {
    return this.known.get(id);
  }

  /** True while a start has not been answered: then the workflow must not continue as new. */
  get areStarting(): boolean {
    return this.starting > 0;
  }

  /**
   * Starts an operation with the key and the workflow id that the command line would give it. If a run of this id is
   * open, nothing is started: the run is watched instead, and `otherInput` says whether it does something else.
   */
  async start(operation: string, input: unknown, options: ChildOptions = {}): Promise<Child | RefusedStart> {
    this.starting += 1;
    try {
      return await CancellationScope.nonCancellable(async () => await this.startOrWatch({ operation, input }, options));
    } finally {
      this.starting -= 1;
      if (this.starting === 0) this.early.length = 0;
    }
  }

  /** Asks a run to stop that this workflow has started; its end arrives later. False for any other, and after its end. */
  async cancel(id: string, request: DecisionRequest): Promise<boolean> {
    const child = this.known.get(id);
    if (child === undefined || !child.own || hasEnded(child.status)) return false;
    const { runId } = child;
    return await retryOnEviction(() => temporalReads.cancelRun({ workflowId: id, runId, request }));
  }

  /** Stops watching a run. The run goes on. */
  forget(id: string): void {
    this.known.delete(id);
    this.stopLooking(id);
  }

  private async startOrWatch(wanted: WantedRun, options: ChildOptions): Promise<Child | RefusedStart> {
    const start = await retryOnEviction(() => temporalReads.prepareStart(wanted));
    if ('refused' in start) return start;
    for (;;) {
      // the open run may have closed in between, and somebody else may have started the next one
      const run = (await startRun(wanted, start, options)) ?? (await watchOpenRun(wanted, start));
      if (run === undefined) continue;
      const now = new Date().toISOString();
      const { operation } = wanted;
      const id = start.workflowId;
      return this.add({
        id,
        operation,
        ...run,
        status: { operation, id, state: 'running', startedAt: now, updatedAt: now },
      });
    }
  }

  private add(child: Child): Child {
    this.set(child);
    for (const news of this.early) if (news.id === child.id) this.hear(news);
    return this.known.get(child.id)!;
  }

  /** Anybody can send the signal. */
  private hear({ id, runId, status }: Partial<RunNews>): void {
    if (id === undefined || runId === undefined || status?.state === undefined) return;
    const child = this.known.get(id);
    if (child?.runId === runId) this.update(child, status);
    else if (this.areStarting) this.early.push({ id, runId, status });
  }

  private update(child: Child, status: RunStatus): void {
    if (!hasEnded(child.status)) this.set({ ...child, status });
  }

  private set(child: Child): void {
    this.known.set(child.id, child);
    this.stopLooking(child.id);
    if (!hasEnded(child.status)) this.startLooking(child);
  }

  private startLooking(child: Child): void {
    const scope = new CancellationScope({ cancellable: true });
    this.looks.set(child.id, scope);
    void scope.run(async () => await this.look(child)).catch(() => undefined);
  }

  private stopLooking(id: string): void {
    this.looks.get(id)?.cancel();
    this.looks.delete(id);
  }

  /** Waits until a child has closed, or is no longer in the state that this workflow knows. */
  private async look(child: Child): Promise<void> {
    const { id: workflowId, runId } = child;
    await sleep(this.lookAfter, { summary: 'Until a look at a child that says nothing' });
    const status = await slowLooks.lookAtRun({ workflowId, runId, seen: child.status.state });
    const now = this.known.get(workflowId);
    // news that came meanwhile may be newer, but nothing is newer than the end
    if (now === child || (now?.runId === runId && hasEnded(status))) this.update(now, status);
  }
}

type BegunRun = Pick<Child, 'runId' | 'own' | 'otherInput'>;

/** The child outlives this run, which may continue as new before the child ends. Undefined when its id is taken. */
async function startRun(
  { operation, input }: WantedRun,
  start: RunStart,
  { details, isBulk = false }: ChildOptions,
): Promise<BegunRun | undefined> {
  try {
    const { firstExecutionRunId } = await startChild(operation, {
      ...start,
      ...startPolicy,
      args: details === undefined ? [input] : [input, details],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      ...(isBulk && { priority: { priorityKey: BULK_PRIORITY } }),
    });
    return { runId: firstExecutionRunId, own: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return undefined;
  }
}

/** Undefined when the open run has closed. */
async function watchOpenRun(wanted: WantedRun, { workflowId }: RunStart): Promise<BegunRun | undefined> {
  const open = await runWatches.compareOpenRun({ ...wanted, workflowId });
  if (open === null) return undefined;
  const { currentRunId, ...run } = open;
  try {
    await getExternalWorkflowHandle(workflowId, currentRunId).signal<[WatchRequest]>(WATCH_SIGNAL, {
      workflowId: workflowInfo().workflowId,
    });
    return run;
  } catch {
    return undefined;
  }
}

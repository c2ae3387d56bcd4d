import { CancellationScope, condition, getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import {
  RUN_NEWS_SIGNAL,
  toRunStatus,
  WATCH_SIGNAL,
  type RunNews,
  type RunStatus,
  type WatchRequest,
} from '../../contract/children.js';
import { INFORMS_WATCHERS } from '../../contract/revision.js';
import { hasEnded, type OperationStatus } from '../../contract/status.js';
import { onSignal } from './signals.js';
import type { StatusBoard } from './status-board.js';

/** Temporal refuses longer ids, and with them the workflow task that names one. */
const LONGEST_ID = 250;
const RUNNING = essenceOf({ state: 'running' });

/**
 * The workflows that watch a run: its parent, if it has one, and those that have asked by signal. Each gets a signal when
 * the state of the run changes. Without a watcher the run issues no command more. A watcher that is gone changes nothing
 * in the run.
 */
export class Watchers {
  /** Workflow id of each watcher → what it has heard last. */
  private readonly heard = new Map<string, string>();
  private readonly beingInformed = new Set<string>();
  private readonly self = workflowInfo();
  private informs = false;
  private end: RunStatus | undefined;

  constructor(private readonly board: StatusBoard) {
    const { parent } = this.self;
    if (parent !== undefined) this.heard.set(parent.workflowId, RUNNING);
    onSignal(WATCH_SIGNAL, (request: Partial<WatchRequest> | null | undefined) => this.add(request?.workflowId), {
      description: 'Inform a workflow about this run: {"workflowId"}',
      onDropped: (signal) => board.signalDropped(signal),
    });
    board.onStateChanged = () => this.informAll();
  }

  /** Runs of older revisions inform nobody. */
  start(revision: number): void {
    this.informs = revision >= INFORMS_WATCHERS;
    this.informAll();
  }

  /** True when somebody must be informed of the end. */
  get areWaiting(): boolean {
    return this.informs && this.heard.size > 0;
  }

  /** Informs all watchers how the run ends. A signal that is sent while the run closes would be lost. */
  async informOfEnd(end: OperationStatus): Promise<void> {
    if (!hasEnded(end)) return;
    this.end = toRunStatus(end);
    this.informAll();
    await CancellationScope.nonCancellable(async () => await condition(() => this.beingInformed.size === 0));
  }

  /** Anybody can send the signal; what is no workflow id would stall the run. */
  private add(workflowId: unknown): void {
    if (typeof workflowId !== 'string' || workflowId === '' || workflowId.length > LONGEST_ID) return;
    if (workflowId === this.self.workflowId) return;
    // one that asks again may have lost what it heard
    this.heard.set(workflowId, '');
    this.informAll();
  }

  private informAll(): void {
    if (!this.informs) return;
    for (const watcher of this.heard.keys()) if (!this.beingInformed.has(watcher)) void this.inform(watcher);
  }

  /** One signal at a time, so that they arrive in order; what has changed meanwhile comes in the next one. */
  private async inform(watcher: string): Promise<void> {
    this.beingInformed.add(watcher);
    const { workflowId: id, firstExecutionRunId: runId } = this.self;
    for (let status = this.newsFor(watcher); status !== undefined; status = this.newsFor(watcher)) {
      this.heard.set(watcher, essenceOf(status));
      await send(watcher, { id, runId, status });
    }
    this.beingInformed.delete(watcher);
  }

  /** The status, if the watcher has not heard of it. The end is news only with its result. */
  private newsFor(watcher: string): RunStatus | undefined {
    const status = this.end ?? toRunStatus(this.board.status());
    if (this.end === undefined && hasEnded(status)) return undefined;
    return essenceOf(status) === this.heard.get(watcher) ? undefined : status;
  }
}

/** What counts as a change of state. */
function essenceOf(status: Pick<RunStatus, 'state'>): string {
  const { state, blocked, reason, waitsFor, waitsForBlocked, protection } = status as Record<string, unknown>;
  return JSON.stringify({ state, blocked, reason, waitsFor, waitsForBlocked, protection });
}

/** A watcher that is gone needs no news. */
async function send(watcher: string, news: RunNews): Promise<void> {
  await CancellationScope.nonCancellable(
    async () => await getExternalWorkflowHandle(watcher).signal<[RunNews]>(RUN_NEWS_SIGNAL, news),
  ).catch(() => undefined);
}

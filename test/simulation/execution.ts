import { defaultPayloadConverter } from '@temporalio/common';
import {
  asInHistory,
  asText,
  isClosing,
  patchesIn,
  unfinishedLocalActivities,
  sortJobs,
  type Activation,
  type Closing,
} from './activations.js';
import { PendingActivity } from './pending-activity.js';
import type { Parent, Service } from './service.js';
import { initializeJob, type Beginning, type Command, type Instance, type Job } from './vm.js';
import type { Payload, SimulatedWorker } from './worker.js';

/** A workflow task that a worker is running. */
interface Task {
  worker: SimulatedWorker;
  /** The jobs that it started with. If the task is lost, they are delivered again. */
  delivered: Job[];
  activations: Activation[];
  locals: Map<number, PendingActivity>;
  resolved: Job[];
  activating: boolean;
}

const TASK_TIMEOUT_MS = 5000;
const TASK_HEARTBEAT_MS = TASK_TIMEOUT_MS * 0.8;
/** Between two looks whether a run can be queried. */
const LONGEST_PAUSE_MS = 64;
const TASK_EVENTS = ['scheduled', 'started', 'completed'].length;
/** How long jobs wait for a dead worker. */
const STICKY_MS = 2000;

/** One run on the simulated server. Its jobs become workflow tasks; the commands of these cause new jobs. */
export class Execution {
  readonly history: Activation[] = [];
  readonly attributes: Record<string, unknown> = {};
  readonly memo: Record<string, unknown> = {};
  closing: Closing | undefined;
  closedAt: number | undefined;
  /** How many events its history has. */
  historyLength = 1;
  private buffer: Job[];
  private task: Task | undefined;
  private scheduled = false;
  private asked = false;
  private sticky: SimulatedWorker | undefined;

  constructor(
    readonly beginning: Beginning,
    private readonly service: Service,
    readonly parent?: Parent,
    before?: Execution,
  ) {
    // a run that continues as new passes both on
    Object.assign(this.attributes, before?.attributes);
    Object.assign(this.memo, before?.memo);
    this.buffer = [initializeJob(beginning)];
    this.schedule();
  }

  get runId(): string {
    return this.beginning.runId;
  }

  get hasTask(): boolean {
    return this.scheduled || this.task !== undefined;
  }

  /** Adds a job for the workflow. */
  addJob(job: Job): void {
    if (this.closing !== undefined) return;
    this.buffer.push(job);
    this.schedule();
  }

  signal(signalName: string, input: Payload[]): void {
    this.addJob({ signalWorkflow: { signalName, input, identity: 'simulated', headers: {} } });
  }

  /** Queries the workflow after it has handled all jobs. The query is not in its history. */
  async query(queryType: string, input: Payload[]): Promise<unknown> {
    let worker = await this.service.workerAfter(0);
    for (let pause = 1; this.hasTask || this.asked; pause = Math.min(2 * pause, LONGEST_PAUSE_MS))
      worker = await this.service.workerAfter(pause);
    this.asked = true;
    try {
      const job: Job = { queryWorkflow: { queryId: 'simulated', queryType, arguments: input, headers: {} } };
      const moment = { at: this.service.clock.now, replaying: false, ...this.extent(this.historyLength) };
      const [answer] = await this.service.withoutTime(async () =>
        (await this.instance(worker)).activate([job], moment),
      );
      const { succeeded, failed } = answer?.respondToQuery ?? {};
      if (!succeeded?.response) throw new Error(failed?.message ?? 'the query was not answered');
      return defaultPayloadConverter.fromPayload(succeeded.response);
    } finally {
      this.asked = false;
      if (this.buffer.length > 0) this.schedule();
    }
  }

  /** The worker died. The server notices the lost task at its timeout. */
  workerDied(): void {
    const { task } = this;
    if (task === undefined) return;
    for (const local of task.locals.values()) local.abandon();
    this.service.clock.schedule(TASK_TIMEOUT_MS, () => this.giveBack(task));
  }

  /** A local activity of the current task has ended. */
  resolved(task: Task, seq: number, job: Job): void {
    if (this.task !== task || task.worker.life.over) return;
    task.locals.delete(seq);
    task.resolved.push(job);
    if (!task.activating) this.service.inBackground(() => this.activate(task, task.resolved.splice(0)));
  }

  /** The worker's instance of this run, replayed from the history if the worker has none. */
  async instance(worker: SimulatedWorker): Promise<Instance> {
    const known = worker.instances.get(this.runId);
    if (known !== undefined) return known;
    const fresh = await this.service.sandbox.begin(this.beginning);
    worker.instances.set(this.runId, fresh);
    await this.replay(fresh);
    return fresh;
  }

  /** Replays the history on a new instance. Throws if the commands differ. */
  async replay(fresh: Instance): Promise<void> {
    for (const { jobs, at, historyLength, commands } of this.history) {
      const again = await fresh.activate([...patchesIn(commands), ...jobs], {
        at,
        replaying: true,
        ...this.extent(historyLength),
      });
      const [then, now] = [asText(commands), asText(again)];
      if (then !== now) throw new Error(`not deterministic: ${then} became ${now}`);
    }
  }

  private schedule(ms = this.service.dice.between(0, 10)): void {
    if (this.scheduled || this.asked || this.task !== undefined || this.closing !== undefined) return;
    this.scheduled = true;
    const begin = () =>
      this.service.withWorker((worker) => {
        this.scheduled = false;
        this.begin(worker);
      });
    this.service.clock.schedule(ms, () => {
      const waits = this.sticky?.life.over === true;
      this.sticky = undefined;
      if (waits) this.service.clock.schedule(STICKY_MS, begin);
      else begin();
    });
  }

  private begin(worker: SimulatedWorker, activations: Activation[] = []): void {
    if (this.task !== undefined || this.closing !== undefined) return;
    this.sticky = worker;
    const delivered = sortJobs(this.buffer.splice(0));
    const task: Task = { worker, delivered, activations, locals: new Map(), resolved: [], activating: false };
    this.task = task;
    this.service.inBackground(async () => {
      const remembered = worker.instances.has(this.runId);
      await this.instance(worker);
      if (!remembered) for (const order of unfinishedLocalActivities(this.history)) this.startLocal(task, order);
      if (delivered.length > 0) await this.activate(task, delivered);
      else if (task.locals.size === 0) this.complete(task);
    });
  }

  private async activate(task: Task, jobs: Job[]): Promise<void> {
    task.activating = true;
    const instance = await this.instance(task.worker);
    const when = { at: this.service.clock.now, historyLength: this.historyLength };
    const commands = await instance.activate(jobs, { ...when, replaying: false, ...this.extent(when.historyLength) });
    task.activating = false;
    task.activations.push({ jobs, ...when, commands });
    for (const { scheduleLocalActivity: order, requestCancelLocalActivity: cancel } of commands) {
      if (order) this.startLocal(task, order);
      if (cancel) task.locals.get(cancel.seq!)?.cancel();
    }
    if (task.resolved.length > 0) return await this.activate(task, task.resolved.splice(0));
    if (task.locals.size === 0) this.complete(task);
  }

  private startLocal(task: Task, order: NonNullable<Command['scheduleLocalActivity']>): void {
    const seq = order.seq!;
    const { clock } = this.service;
    if (task.locals.size === 0) clock.schedule(TASK_HEARTBEAT_MS, () => this.goOn(task), task.worker.life);
    const local = new PendingActivity(order, {
      ...this.service.contextOf(this),
      local: true,
      withWorker: (act) => act(task.worker),
      resolve: (result) => this.resolved(task, seq, { resolveActivity: { seq, isLocal: true, result } }),
    });
    task.locals.set(seq, local);
  }

  /** During a long local activity the worker reports its progress and takes the next task at once. */
  private goOn(task: Task): void {
    if (this.task !== task || task.locals.size === 0 || task.activating) return;
    this.record(task.activations.splice(0));
    task.delivered = sortJobs(this.buffer.splice(0));
    this.service.clock.schedule(TASK_HEARTBEAT_MS, () => this.goOn(task), task.worker.life);
    if (task.delivered.length > 0) this.service.inBackground(() => this.activate(task, task.delivered));
  }

  private complete(task: Task): void {
    if (this.closing !== undefined) return;
    const commands = task.activations.flatMap((one) => one.commands);
    // the server refuses to close a run with unhandled jobs
    if (this.buffer.length > 0 && commands.some(isClosing)) return this.forget(task);
    this.task = undefined;
    this.record(task.activations);
    if (this.buffer.length > 0) this.schedule();
  }

  private record(activations: readonly Activation[]): void {
    this.historyLength += TASK_EVENTS;
    for (const { jobs, commands, ...when } of activations) {
      const kept = jobs.flatMap((job) => asInHistory(job, commands));
      if (kept.length > 0) this.history.push({ jobs: kept, ...when, commands });
      this.historyLength += kept.length + commands.length;
    }
    for (const { commands } of activations) this.service.carryOut(this, commands);
  }

  /** What the server says of a history of so many events. */
  private extent(historyLength: number) {
    return { historyLength, suggestsNew: historyLength > this.service.suggestsNewAfter };
  }

  private forget(task: Task): void {
    const { instances } = task.worker;
    const instance = instances.get(this.runId);
    instances.delete(this.runId);
    this.service.inBackground(async () => await instance?.dispose());
    this.giveBack(task);
  }

  private giveBack(task: Task): void {
    if (this.task !== task) return;
    this.task = undefined;
    this.buffer.unshift(...task.delivered);
    this.schedule();
  }
}

import { defaultPayloadConverter } from '@temporalio/common';
import { BRAKE_WORKFLOW } from '../../contract/brake.js';
import { CUSTOMER_WORKFLOW } from '../../contract/customers.js';
import { NOTICE_QUEUE } from '../../contract/notice-queue.js';
import { TURN_QUEUE } from '../../contract/turn-queue.js';
import type { Clock } from './clock.js';
import { Commands } from './commands.js';
import type { SeededRandom } from './seeded-random.js';
import { Execution } from './execution.js';
import type { Command, Sandbox } from './vm.js';
import type { Failure, Payload, SimulatedWorker } from './worker.js';

/** How an update ended. */
export type Answer = { taken: unknown } | { refused: Failure };

/** The parent of a run. */
export interface Parent {
  run: Execution;
  seq: number;
  /** What happens to it when its parent closes. */
  afterwards: 'terminated' | 'cancelled' | 'goes on';
}

/** They continue as new, and never close by themselves. */
const permanent: ReadonlySet<string> = new Set([BRAKE_WORKFLOW, CUSTOMER_WORKFLOW, NOTICE_QUEUE, TURN_QUEUE]);
/** The server's default. */
const LONG_HISTORY = 4096;

const immediate = async () => await new Promise((resolve) => setImmediate(resolve));

/** A Temporal service in memory, with the features that the product uses. It throws for all others. */
export class Service {
  readonly executions: Execution[] = [];
  /** Activities with an attempt whose result was lost, so the run cannot know its effect. */
  readonly lostActivities = new Set<string>();
  private readonly commands = new Commands(this);
  private worker: SimulatedWorker | undefined;
  private waiting: ((worker: SimulatedWorker) => void)[] = [];
  private busy = 0;
  private made = 0;
  private backAt = 0;
  private failure: unknown;

  constructor(
    /** Another version of the workflows can replace it while no worker runs. */
    public sandbox: Sandbox,
    readonly clock: Clock,
    readonly dice: SeededRandom,
    /** A run with a longer history, in events, is advised to continue as new. */
    readonly suggestsNewAfter: number = LONG_HISTORY,
    private readonly newRunId = (nth: number): string => `run-${String(nth).padStart(4, '0')}-0000-0000`,
  ) {}

  /** Starts a run; its arguments are payloads. A continued-as-new run keeps the first run id. */
  start(workflowType: string, workflowId: string, given: Payload[], parent?: Parent, before?: Execution): Execution {
    const runId = this.newRunId((this.made += 1));
    const { firstRunId = before?.runId } = before?.beginning ?? {};
    const first = firstRunId === undefined ? {} : { firstRunId };
    const { now: at } = this.clock;
    const by = parent && { parent: { workflowId: parent.run.beginning.workflowId, runId: parent.run.runId } };
    const beginning = { workflowType, workflowId, runId, ...first, ...by, arguments: given, at, taskTimeoutMs: 5000 };
    const execution = new Execution(beginning, this, parent, before);
    this.executions.push(execution);
    return execution;
  }

  /** The run with this id; without a run id the last one. */
  find(workflowId: string, runId?: string): Execution | undefined {
    return this.executions.findLast(
      ({ beginning }) => beginning.workflowId === workflowId && (runId === undefined || beginning.runId === runId),
    );
  }

  /** The last run of the chain of continued-as-new runs that began with this one. */
  lastOf(firstRunId: string): Execution {
    return this.executions.findLast(
      ({ beginning: { runId, firstRunId: first = runId } }) => first === firstRunId || runId === firstRunId,
    )!;
  }

  /** Deletes a run, as if its retention were over. */
  forget(workflowId: string, runId: string): void {
    const run = this.find(workflowId, runId);
    if (run?.closing === undefined) throw new Error(`${workflowId} is no closed run`);
    this.executions.splice(this.executions.indexOf(run), 1);
  }

  /** Ends a run without a word to its workflow. */
  terminate(execution: Execution): void {
    this.commands.carryOut(execution, { cancelWorkflowExecution: {} });
  }

  cancel(execution: Execution): void {
    execution.addJob({ cancelWorkflow: { reason: 'asked' } });
  }

  async update(execution: Execution, name: string, arg: object): Promise<Answer> {
    const id = `update-${(this.made += 1)}`;
    return await new Promise((resolve) => {
      this.commands.expectAnswer(execution, id, resolve);
      const call = { id, protocolInstanceId: id, name, input: [payload(arg)], runValidator: true };
      execution.addJob({ doUpdate: { ...call, meta: { updateId: id, identity: 'simulated' } } });
    });
  }

  /** Makes this the worker for all tasks. */
  setWorker(worker: SimulatedWorker): void {
    this.worker = worker;
    for (const act of this.waiting.splice(0)) act(worker);
  }

  /** The worker dies, and with it its cache and its running tasks. */
  kill(): void {
    const { worker } = this;
    if (worker === undefined) return;
    worker.life.over = true;
    this.worker = undefined;
    this.inBackground(async () => await worker.forgetRuns());
    for (const execution of this.executions) execution.workerDied();
  }

  withWorker(act: (worker: SimulatedWorker) => void): void {
    if (this.disconnectedMs > 0) this.clock.schedule(this.disconnectedMs, () => this.withWorker(act));
    else if (this.worker === undefined) this.waiting.push(act);
    else act(this.worker);
  }

  /** The worker that is there after so many milliseconds, or the first one after that. */
  async workerAfter(ms: number): Promise<SimulatedWorker> {
    return await new Promise((resolve) => this.clock.schedule(ms, () => this.withWorker(resolve)));
  }

  /** Makes the service unreachable for a while. Workers go on, but cannot report. */
  disconnect(ms: number): void {
    this.backAt = Math.max(this.backAt, this.clock.now + ms);
  }

  /** Waits until the service is reachable. */
  async connected(): Promise<void> {
    while (this.disconnectedMs > 0)
      await new Promise<void>((resolve) => this.clock.schedule(this.disconnectedMs, resolve));
  }

  /** Milliseconds until the service is reachable again. */
  get disconnectedMs(): number {
    return Math.max(0, this.backAt - this.clock.now);
  }

  /** True while something is pending that makes the run proceed. */
  canProceed(execution: Execution): boolean {
    const children = this.executions.filter(
      ({ parent, closing }) => parent?.run === execution && closing === undefined,
    );
    const busy = (one: Execution) => one.hasTask || this.commands.outstanding(one);
    // a run can wait for a signal of a permanent run
    return busy(execution) || children.some((child) => this.canProceed(child)) || this.permanentRuns.some(busy);
  }

  /** Runs that never close by themselves. */
  get permanentRuns(): Execution[] {
    return this.executions.filter(
      ({ beginning, closing }) => permanent.has(beginning.workflowType) && closing === undefined,
    );
  }

  /** True if all runs have closed, except those that never close. */
  get allClosed(): boolean {
    const { permanentRuns: lasting } = this;
    return this.executions.every((run) => run.closing !== undefined || lasting.includes(run));
  }

  carryOut(execution: Execution, commands: readonly Command[]): void {
    for (const command of commands) this.commands.carryOut(execution, command);
  }

  /** Does something that takes no virtual time, but several ticks of the event loop. */
  async withoutTime<T>(act: () => Promise<T>): Promise<T> {
    this.busy += 1;
    return await act().finally(() => (this.busy -= 1));
  }

  /** The same for what nobody waits for. */
  inBackground(act: () => Promise<unknown>): void {
    void this.withoutTime(act).catch((error: unknown) => (this.failure ??= error));
  }

  /** Waits until nothing more happens without the passing of time. Throws errors of the code under test. */
  async settle(): Promise<void> {
    do await immediate();
    while (this.busy > 0);
    await immediate();
    if (this.busy > 0) return await this.settle();
    if (this.failure !== undefined) throw this.failure;
  }

  /** Lets time pass, with everything that happens meanwhile. */
  async letPass(ms: number): Promise<void> {
    const end = this.clock.now + ms;
    this.clock.schedule(ms, () => undefined);
    do await this.settle();
    while (this.clock.now < end && this.clock.runNextTimer());
  }

  /** Lets time pass until a run has closed. */
  async untilClosed(run: Execution): Promise<void> {
    for (await this.settle(); run.closing === undefined; await this.settle())
      if (!this.clock.runNextTimer()) throw new Error('the run waits for nothing');
  }

  /** The pending activities of a run, as the service describes them. */
  pendingOf(execution: Execution) {
    return this.commands.pendingActivities(execution);
  }

  contextOf({ beginning }: Execution) {
    const unheard = (activityType: string) => void this.lostActivities.add(activityType);
    return { clock: this.clock, dice: this.dice, run: beginning, awayMs: () => this.disconnectedMs, unheard };
  }
}

export function payload(value: object): Payload {
  return defaultPayloadConverter.toPayload(value);
}

import { defaultPayloadConverter, mapFromPayloads } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Clock } from './clock.js';
import type { Execution } from './execution.js';
import { PendingActivity } from './pending-activity.js';
import type { Answer, Parent, Service } from './service.js';
import { milliseconds, type Command } from './vm.js';
import type { Outcome, SimulatedWorker } from './worker.js';

type Order<K extends keyof Command> = NonNullable<Command[K]>;

interface Pending {
  activities: Map<number, PendingActivity>;
  timers: Map<number, ReturnType<Clock['schedule']>>;
  updates: Map<string, (answer: Answer) => void>;
  /** Signals that have not arrived yet. */
  signals: Set<number>;
}

const told = new Set(['userMetadata', 'eventGroupMarkers', 'variant']);
const { ChildWorkflowCancellationType, ParentClosePolicy } = proto.coresdk.child_workflow;
const parentClosePolicies = new Map<number, Parent['afterwards']>([
  [ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON, 'goes on'],
  [ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL, 'cancelled'],
]);

/** Carries out the commands of workflows, and keeps what is pending for each run. */
export class Commands {
  private readonly all = new Map<Execution, Pending>();

  constructor(private readonly service: Service) {}

  outstanding(execution: Execution): boolean {
    const { activities, timers, signals } = this.of(execution);
    return activities.size > 0 || timers.size > 0 || signals.size > 0;
  }

  pendingActivities(execution: Execution) {
    return [...this.of(execution).activities.values()].map((one) => one.description);
  }

  expectAnswer(execution: Execution, id: string, resolve: (answer: Answer) => void): void {
    this.of(execution).updates.set(id, resolve);
  }

  carryOut(execution: Execution, command: Command): void {
    for (const [name, order] of Object.entries(command))
      if (order !== null && order !== undefined && !told.has(name))
        this.one(execution, name as keyof Command, order as never);
  }

  private of(execution: Execution): Pending {
    const pending = this.all.get(execution) ?? {
      activities: new Map(),
      timers: new Map(),
      updates: new Map(),
      signals: new Set(),
    };
    this.all.set(execution, pending);
    return pending;
  }

  private one(execution: Execution, name: keyof Command, order: never): void {
    const pending = this.of(execution);
    const acts: { [K in keyof Command]?: (order: Order<K>) => void } = {
      scheduleActivity: (one) => this.activity(execution, one),
      requestCancelActivity: ({ seq }) => pending.activities.get(seq!)?.cancel(),
      startTimer: (one) => this.timer(execution, one),
      cancelTimer: ({ seq }) => this.forgetTimer(pending, seq!),
      startChildWorkflowExecution: (one) => this.child(execution, one),
      cancelChildWorkflowExecution: ({ childWorkflowSeq }) => this.cancelChild(execution, childWorkflowSeq!),
      upsertWorkflowSearchAttributes: ({ searchAttributes: attributes }) =>
        Object.assign(execution.attributes, mapFromPayloads(defaultPayloadConverter, attributes?.indexedFields)),
      modifyWorkflowProperties: ({ upsertedMemo }) =>
        Object.assign(execution.memo, mapFromPayloads(defaultPayloadConverter, upsertedMemo?.fields)),
      updateResponse: (one) => this.answered(pending, one),
      completeWorkflowExecution: () => this.close(execution, { [name]: order }),
      failWorkflowExecution: () => this.close(execution, { [name]: order }),
      cancelWorkflowExecution: () => this.close(execution, { [name]: order }),
      continueAsNewWorkflowExecution: (one) => this.goOnAsNew(execution, one),
      signalExternalWorkflowExecution: (one) => this.signal(execution, one),
      // the worker handles these itself
      scheduleLocalActivity: () => undefined,
      requestCancelLocalActivity: () => undefined,
      setPatchMarker: () => undefined,
    };
    const act = acts[name];
    if (act === undefined) throw new Error(`the simulated service does not know ${name}`);
    (act as (order: never) => void)(order);
  }

  private activity(execution: Execution, order: Order<'scheduleActivity'>): void {
    const seq = order.seq!;
    const { activities } = this.of(execution);
    const resolve = (result: Outcome) => {
      activities.delete(seq);
      execution.addJob({ resolveActivity: { seq, isLocal: false, result } });
    };
    const withWorker = (act: (worker: SimulatedWorker) => void) => this.service.withWorker(act);
    const around = { ...this.service.contextOf(execution), local: false, withWorker, resolve };
    activities.set(seq, new PendingActivity(order, around));
  }

  private timer(execution: Execution, { seq, startToFireTimeout }: Order<'startTimer'>): void {
    const { timers } = this.of(execution);
    const fire = () => {
      timers.delete(seq!);
      execution.addJob({ fireTimer: { seq: seq! } });
    };
    timers.set(seq!, this.service.clock.schedule(milliseconds(startToFireTimeout) ?? 0, fire));
  }

  private forgetTimer({ timers }: Pending, seq: number): void {
    this.service.clock.cancel(timers.get(seq));
    timers.delete(seq);
  }

  private child(run: Execution, order: Order<'startChildWorkflowExecution'>): void {
    const { workflowId, workflowType, input, cancellationType, parentClosePolicy, priority } = order;
    const seq = order.seq!;
    const before = this.service.find(workflowId!);
    if (before !== undefined && before.closing === undefined) {
      const taken = { workflowId: workflowId!, workflowType: workflowType!, cause: 1 };
      return run.addJob({ resolveChildWorkflowExecutionStart: { seq, failed: taken } });
    }
    if (cancellationType !== ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
      throw new Error('the simulated service only knows children that are waited for when they are cancelled');
    const afterwards = parentClosePolicies.get(parentClosePolicy ?? 0) ?? 'terminated';
    const { beginning } = this.service.start(workflowType!, workflowId!, input ?? [], { run, seq, afterwards });
    if (priority?.priorityKey) beginning.priority = { priorityKey: priority.priorityKey };
    const { runId } = beginning;
    run.addJob({ resolveChildWorkflowExecutionStart: { seq, succeeded: { runId } } });
  }

  private cancelChild(run: Execution, seq: number): void {
    const child = this.service.executions.find(({ parent }) => parent?.run === run && parent.seq === seq);
    if (child === undefined || child.closing !== undefined) return;
    this.service.cancel(child);
  }

  /** Delivers the signal a little later, or reports that the target has closed. */
  private signal(
    run: Execution,
    { seq, workflowExecution, signalName, args }: Order<'signalExternalWorkflowExecution'>,
  ) {
    const { clock, dice } = this.service;
    const { signals } = this.of(run);
    signals.add(seq!);
    const arrive = () => {
      signals.delete(seq!);
      const { workflowId, runId } = workflowExecution!;
      const target = this.service.find(workflowId!, runId || undefined);
      const open = target !== undefined && target.closing === undefined;
      if (open) target.signal(signalName!, args ?? []);
      const failure = open ? null : { message: 'it was not found', applicationFailureInfo: { nonRetryable: true } };
      run.addJob({ resolveSignalExternalWorkflow: { seq: seq!, failure } });
    };
    clock.schedule(dice.between(0, 5), arrive);
  }

  private goOnAsNew(run: Execution, order: Order<'continueAsNewWorkflowExecution'>): void {
    this.close(run, { continueAsNewWorkflowExecution: order });
    const { workflowType, workflowId } = run.beginning;
    this.service.start(order.workflowType || workflowType, workflowId, order.arguments ?? [], run.parent, run);
  }

  private answered({ updates }: Pending, { protocolInstanceId, rejected, completed }: Order<'updateResponse'>): void {
    const resolve = updates.get(protocolInstanceId!);
    if (rejected) resolve?.({ refused: rejected });
    else if (completed) resolve?.({ taken: defaultPayloadConverter.fromPayload(completed) });
  }

  private close(execution: Execution, closing: Execution['closing']): void {
    execution.closing = closing;
    execution.closedAt = this.service.clock.now;
    const { activities, timers, updates } = this.of(execution);
    for (const activity of activities.values()) activity.abandon();
    for (const timer of timers.values()) this.service.clock.cancel(timer);
    for (const resolve of updates.values()) resolve({ refused: { message: 'the run has closed' } });
    for (const child of this.service.executions) {
      if (child.parent?.run !== execution || child.closing !== undefined) continue;
      if (child.parent.afterwards === 'terminated') this.close(child, { cancelWorkflowExecution: {} });
      else if (child.parent.afterwards === 'cancelled') this.service.cancel(child);
    }
    const { parent } = execution;
    if (parent === undefined || closing?.continueAsNewWorkflowExecution) return;
    const result = closing?.completeWorkflowExecution?.result ?? null;
    const answer = closing?.completeWorkflowExecution ? { completed: { result } } : cancelled(execution);
    parent.run.addJob({ resolveChildWorkflowExecution: { seq: parent.seq, result: answer } });
  }
}

/** What a parent gets when a child was cancelled. */
function cancelled({ beginning: { workflowId, workflowType, runId } }: Execution) {
  const workflowExecution = { workflowId, runId };
  const childWorkflowExecutionFailureInfo = { workflowExecution, workflowType: { name: workflowType } };
  return { cancelled: { failure: { childWorkflowExecutionFailureInfo, cause: { canceledFailureInfo: {} } } } };
}

import { ApplicationFailure, workflowInfo, type ActivateInput, type WorkflowInterceptors } from '@temporalio/workflow';

/** With so few events a workflow task can follow another one: how the first one ended, and two that begin the next. */
const FEWEST_BETWEEN_TASKS = 3;

type Activation = ActivateInput['activation'];

/** The workflow task in which this run last heard something. */
interface Task {
  /** When its server began it, in milliseconds since 1970. */
  startedAt: number;
  /** When the run first heard of it, by the real clock of the worker. */
  reachedAt: number;
  events: number;
  isReplayed: boolean;
}

/**
 * All runs of a worker share the modules; what is global belongs to one run. `tenantryAskedAt`: the number of events when
 * somebody last asked the run while it looked something up.
 */
const ofThisRun = globalThis as { tenantryHeard?: Task; tenantryLookingUp?: number; tenantryAskedAt?: number };

/**
 * A workflow task that takes too long while a local activity runs is given out again. If its worker gets it while it only
 * waits for the local activity, the SDK goes on with what it has decided and answers the new task with it. But a signal
 * may have come in between, which a replay passes to the run first: it could never be replayed again. So the run refuses to
 * go on when its task is lost, and the worker forgets what it knew of the run.
 *
 * A question that is asked while a local activity runs divides the task: what follows from the result comes in the next
 * one, together with what has happened meanwhile. A replay passes the result to the run first, so the run refuses this, too.
 */
export const interceptors = (): WorkflowInterceptors => ({
  internals: [
    {
      activate(input, next) {
        const { activation, batchIndex } = input;
        if (activation.jobs?.some(({ queryWorkflow }) => queryWorkflow)) beAsked(activation);
        else if (batchIndex === 0) hear(activation);
        return next(input);
      },
    },
  ],
  outbound: [
    {
      // not async: one more tick would change the order of commands in recorded histories
      // oxlint-disable-next-line typescript/promise-function-async
      scheduleLocalActivity(input, next) {
        const settled = next(input);
        countLookUps(1);
        const ended = () => countLookUps(-1);
        settled.then(ended, ended);
        return settled;
      },
    },
  ],
});

function countLookUps(more: number): void {
  ofThisRun.tenantryLookingUp = (ofThisRun.tenantryLookingUp ?? 0) + more;
}

function beAsked({ historyLength }: Activation): void {
  if ((ofThisRun.tenantryLookingUp ?? 0) > 0) ofThisRun.tenantryAskedAt = historyLength ?? 0;
}

function hear(activation: Activation): void {
  const { tenantryHeard: before, tenantryLookingUp: lookingUp = 0 } = ofThisRun;
  const task = taskOf(activation, before);
  ofThisRun.tenantryHeard = task;
  if (isDivided(activation))
    throw ApplicationFailure.nonRetryable('a question has divided this workflow task; it is begun again', 'LostTask');
  if (before === undefined || before.isReplayed || task.isReplayed || lookingUp === 0) return;
  const signals = activation.jobs?.filter(({ signalWorkflow }) => signalWorkflow).length ?? 0;
  if (isLost(before, task, signals))
    throw ApplicationFailure.nonRetryable('this workflow task has taken too long; it is begun again', 'LostTask');
}

/** Whether news come together with a result that a replay gets before them. */
function isDivided({ jobs, historyLength, isReplaying }: Activation): boolean {
  const { tenantryAskedAt: askedAt } = ofThisRun;
  if (askedAt === undefined || (historyLength ?? 0) <= askedAt) return false;
  delete ofThisRun.tenantryAskedAt;
  const results = jobs?.filter(({ resolveActivity }) => resolveActivity?.isLocal).length ?? 0;
  return isReplaying !== true && results > 0 && results < (jobs?.length ?? 0);
}

function taskOf({ timestamp, historyLength, isReplaying }: Activation, before?: Task): Task {
  const events = historyLength ?? 0;
  if (before?.events === events) return { ...before, isReplayed: isReplaying === true };
  const startedAt = Number(timestamp?.seconds ?? 0) * 1_000 + Math.floor((timestamp?.nanos ?? 0) / 1_000_000);
  return { startedAt, reachedAt: realTime(), events, isReplayed: isReplaying === true };
}

/** Whether the task before was lost while a local activity ran in it. */
function isLost(before: Task, now: Task, signals: number): boolean {
  const { taskTimeoutMs: limit } = workflowInfo();
  if (now.events === before.events) return isOver(now, limit);
  const others = now.events - before.events - signals;
  // a task that was ended in time is followed at once
  const followsLate = others === FEWEST_BETWEEN_TASKS && now.startedAt - before.startedAt >= limit;
  return others < FEWEST_BETWEEN_TASKS || (signals > 0 && followsLate);
}

/** A clock that differs by more than the limit says nothing. */
function isOver({ startedAt, reachedAt }: Task, limit: number): boolean {
  return reachedAt - startedAt < limit && realTime() - startedAt >= limit;
}

/** In a workflow, `Date.now()` is the time of its history. */
function realTime(): number {
  return (Date.prototype.constructor as DateConstructor).now();
}

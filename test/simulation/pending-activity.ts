import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Clock } from './clock.js';
import type { SeededRandom } from './seeded-random.js';
import { milliseconds, TASK_QUEUE, type Command } from './vm.js';
import type { Attempt, Failure, Outcome, SimulatedWorker } from './worker.js';

const { TRY_CANCEL } = proto.coresdk.workflow_commands.ActivityCancellationType;

type Scheduled = NonNullable<Command['scheduleActivity'] | Command['scheduleLocalActivity']>;

const timeouts = { 'start-to-close': 1, 'schedule-to-close': 3, heartbeat: 4 } as const;
const retryStates = { refused: 2, late: 3, enough: 4, cancelled: 7 } as const;
const HEARTBEATS_EVERY_MS = 500;

/** What the simulated server needs for an activity. */
export interface ActivityContext {
  clock: Clock;
  dice: SeededRandom;
  run: { workflowId: string; runId: string; workflowType: string };
  local: boolean;
  /** Milliseconds for which workers cannot reach the server. */
  awayMs(): number;
  /** Calls `act` with a worker as soon as there is one. */
  withWorker(act: (worker: SimulatedWorker) => void): void;
  /** Called when the result of an attempt is lost. */
  unheard(activityType: string): void;
  /** Called once, when the activity has ended. */
  resolve(outcome: Outcome): void;
}

interface Running {
  worker: SimulatedWorker;
  startedAt: number;
  attempt?: Attempt;
  alarms: ReturnType<Clock['schedule']>[];
  silence?: ReturnType<Clock['schedule']> | undefined;
  lastBeat?: number;
  unsent?: { details: unknown };
}

/** An activity on the simulated server: its attempts, heartbeat details and timeouts. */
export class PendingActivity {
  private attempts = 0;
  private memory: unknown;
  private over = false;
  private cancelRequested = false;
  private running: Running | undefined;
  private readonly scheduledAt: number;
  private nextAt: number;
  private lastFailure: Failure | undefined;

  constructor(
    private readonly order: Scheduled,
    private readonly around: ActivityContext,
  ) {
    this.scheduledAt = around.clock.now;
    this.nextAt = this.scheduledAt;
    const limit = milliseconds(order.scheduleToCloseTimeout);
    if (limit !== undefined) this.later(limit, () => this.timedOut('schedule-to-close', true));
    this.startSoon(around.local ? 0 : around.dice.between(0, 5));
  }

  /** The server's description of it. */
  get description() {
    const { running, lastFailure, nextAt: at } = this;
    const scheduledTime = timestampOf(at);
    const lastStartedTime = running && timestampOf(running.startedAt);
    const { activityId } = this.order;
    const activityType = { name: this.order.activityType };
    const attempt = this.attempts + (running === undefined ? 1 : 0);
    const heartbeatDetails = { payloads: [defaultPayloadConverter.toPayload(this.memory ?? null)] };
    const state = running === undefined ? 1 : 2;
    return { activityId, activityType, state, attempt, lastFailure, scheduledTime, lastStartedTime, heartbeatDetails };
  }

  /** A running attempt hears of it with its next heartbeat; without an attempt, or with TRY_CANCEL, it ends at once. */
  cancel(): void {
    this.cancelRequested = true;
    if (this.around.local) this.running?.attempt?.cancel();
    else if (this.running === undefined || this.order.cancellationType === TRY_CANCEL)
      this.end({ cancelled: { failure: this.wrapped(cancelled, 'cancelled') } });
  }

  /** The server forgets the activity. The result of a running attempt is ignored. */
  abandon(): void {
    this.over = true;
    this.stopped();
  }

  private startSoon(ms: number): void {
    const scheduledAt = this.around.clock.now;
    this.later(ms, () => this.around.withWorker((worker) => this.over || this.start(worker, scheduledAt)));
  }

  private start(worker: SimulatedWorker, scheduledAt: number): void {
    const { order, around } = this;
    this.attempts += 1;
    const limit = milliseconds(order.startToCloseTimeout);
    const { priorityKey } = ('priority' in order && order.priority) || {};
    const info = {
      attempt: this.attempts,
      taskQueue: TASK_QUEUE,
      ...(limit !== undefined && { startToCloseTimeoutMs: limit }),
      activityId: order.activityId!,
      activityType: order.activityType!,
      isLocal: around.local,
      heartbeatDetails: this.memory,
      scheduledTimestampMs: this.scheduledAt,
      currentAttemptScheduledTimestampMs: scheduledAt,
      workflowType: around.run.workflowType,
      workflowExecution: { workflowId: around.run.workflowId, runId: around.run.runId },
      ...(priorityKey && { priority: { priorityKey } }),
    };
    const running: Running = { worker, startedAt: around.clock.now, alarms: [] };
    this.running = running;
    const attempt = worker.attempt(info, order.arguments ?? [], (details) => this.beat(running, details));
    running.attempt = attempt;
    if (limit !== undefined) running.alarms.push(this.later(limit, () => this.timedOut('start-to-close')));
    this.expectBeat(running);
    void attempt.ended.then((outcome) => this.heard(running, outcome));
  }

  /** The SDK sends the first heartbeat at once and delays those that follow too quickly. */
  private beat(running: Running, details: unknown): void {
    const copy = details === undefined ? undefined : (JSON.parse(JSON.stringify(details)) as unknown);
    const { now } = this.around.clock;
    const due = (running.lastBeat ?? -Infinity) + HEARTBEATS_EVERY_MS;
    if (running.unsent === undefined && due > now)
      this.around.clock.schedule(due - now, () => this.flush(running), running.worker.life);
    running.unsent = { details: copy };
    if (due <= now) this.flush(running);
  }

  private flush(running: Running): void {
    if (running.unsent === undefined || this.running !== running || running.worker.life.over) return;
    if (this.around.awayMs() > 0) return void this.later(this.around.awayMs(), () => this.flush(running));
    this.memory = running.unsent.details;
    delete running.unsent;
    running.lastBeat = this.around.clock.now;
    this.expectBeat(running);
    if (this.cancelRequested) running.attempt?.cancel();
  }

  private expectBeat(running: Running): void {
    const limit = milliseconds('heartbeatTimeout' in this.order ? this.order.heartbeatTimeout : undefined);
    if (limit === undefined) return;
    this.around.clock.cancel(running.silence);
    running.silence = this.later(limit, () => this.timedOut('heartbeat'));
  }

  private heard(running: Running, outcome: Outcome): void {
    if (running.worker.life.over || this.running !== running || this.over) return;
    const { local, awayMs } = this.around;
    if (!local && awayMs() > 0) return void this.later(awayMs(), () => this.heard(running, outcome));
    this.flush(running);
    this.stopped();
    const { failed, cancelled: stopped } = outcome;
    if (failed) this.failed(failed.failure!);
    else if (stopped) this.end({ cancelled: { failure: this.wrapped(stopped.failure!, 'cancelled') } });
    else this.end(outcome);
  }

  private timedOut(kind: keyof typeof timeouts, forGood = false): void {
    if (this.over) return;
    this.running?.attempt?.cancel();
    if (this.running !== undefined) this.around.unheard(this.order.activityType!);
    this.stopped();
    const failure = { message: `activity ${kind} timeout`, timeoutFailureInfo: { timeoutType: timeouts[kind] } };
    if (forGood) this.end({ failed: { failure: this.wrapped(failure, 'late') } });
    else this.failed(failure);
  }

  private failed(failure: Failure): void {
    const { retryPolicy, scheduleToCloseTimeout } = this.order;
    const most = retryPolicy?.maximumAttempts ?? 0;
    const give = (why: keyof typeof retryStates) => this.end({ failed: { failure: this.wrapped(failure, why) } });
    const { nonRetryable, type } = failure.applicationFailureInfo ?? {};
    if (nonRetryable === true || (type && retryPolicy?.nonRetryableErrorTypes?.includes(type))) return give('refused');
    if (this.cancelRequested) return give('cancelled');
    if (most > 0 && this.attempts >= most) return give('enough');
    const asked = milliseconds(failure.applicationFailureInfo?.nextRetryDelay);
    const pause = asked ?? this.backoff();
    const limit = milliseconds(scheduleToCloseTimeout);
    if (limit !== undefined && this.around.clock.now + pause > this.scheduledAt + limit) return give('late');
    this.lastFailure = failure;
    this.nextAt = this.around.clock.now + pause;
    this.startSoon(pause);
  }

  private backoff(): number {
    const { retryPolicy } = this.order;
    const first = milliseconds(retryPolicy?.initialInterval) ?? 1000;
    const longest = milliseconds(retryPolicy?.maximumInterval) ?? first * 100;
    return Math.min(longest, first * (retryPolicy?.backoffCoefficient || 2) ** (this.attempts - 1));
  }

  private stopped(): void {
    for (const alarm of [...(this.running?.alarms ?? []), this.running?.silence]) this.around.clock.cancel(alarm);
    this.running = undefined;
  }

  private end(outcome: Outcome): void {
    if (this.over) return;
    this.abandon();
    this.around.resolve(outcome);
  }

  private wrapped(cause: Failure, why: keyof typeof retryStates): Failure {
    const { activityId, activityType } = this.order;
    const activityFailureInfo = {
      activityId: activityId!,
      activityType: { name: activityType! },
      identity: 'simulated',
      retryState: retryStates[why],
    };
    return { message: 'Activity task failed', activityFailureInfo, cause };
  }

  private later(ms: number, act: () => void) {
    return this.around.clock.schedule(ms, () => this.over || act());
  }
}

/** The failure of an activity that the server cancels itself. */
const cancelled: Failure = {
  message: 'Activity canceled',
  canceledFailureInfo: { details: { payloads: [defaultPayloadConverter.toPayload('ACTIVITY_ID_NOT_STARTED')] } },
};

function timestampOf(ms: number) {
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
}

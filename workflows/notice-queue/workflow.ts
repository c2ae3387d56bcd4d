import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  log,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';
import { HOLD_NOTICE_SIGNAL, type NoticeBatch, type NoticeQueueStart } from '../../contract/notice-queue.js';
import { NOTICE_NOT_SENT } from '../../contract/notices.js';
import { waitAtMost } from '../decisions/reminders.js';
import { oneDelivery } from '../kernel/activity-options.js';
import { autoUpgrade } from '../kernel/new-versions.js';
import { onSignal } from '../kernel/signals.js';
import { hold, nextDue, take } from './hold.js';
import { memoryFrom, type Outgoing, type QueueMemory } from './memory.js';
import { readRouted } from './messages.js';
import { delivered, failed } from './tries.js';

/** A longer history makes the queue continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 1000;

/**
 * Holds the notices for one target until they may be sent: until their cause is collected, quiet hours end, or the digest
 * is due. One message at a time is under way; while its target is away, the others are collected. It never ends; it can
 * be terminated, which loses what it holds, but not cancelled.
 */
export async function noticeQueue(start: NoticeQueueStart | undefined, memory?: QueueMemory | null): Promise<void> {
  if (typeof start?.target !== 'string' || start.target === '')
    throw ApplicationFailure.nonRetryable('target: is missing: it names the target', FailureType.InvalidInput);
  await CancellationScope.nonCancellable(async () => await new Queue(start, memoryFrom(memory)).run());
}

autoUpgrade(noticeQueue);

class Queue {
  constructor(
    private readonly start: NoticeQueueStart,
    private memory: QueueMemory,
  ) {
    const receive = (content: unknown) => {
      const routed = readRouted(content);
      if (routed !== undefined) this.memory = hold(this.memory, routed, Date.now());
    };
    onSignal(HOLD_NOTICE_SIGNAL, receive, { description: 'A notice for this target' });
  }

  async run(): Promise<never> {
    while (!this.mustContinueAsNew) {
      this.memory = take(this.memory, Date.now(), uuid4);
      const { outgoing } = this.memory;
      if (outgoing !== undefined && outgoing.nextTry <= Date.now()) await this.deliver(outgoing);
      else await this.untilSomethingIsDue();
    }
    return await continueAsNew<typeof noticeQueue>(this.start, this.memory);
  }

  private get mustContinueAsNew(): boolean {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    return continueAsNewSuggested || historyLength > MAX_EVENTS;
  }

  private async deliver(outgoing: Outgoing): Promise<void> {
    const { since: _since, tries: _tries, nextTry: _nextTry, ...batch } = outgoing;
    const isDelivered = await this.send(batch);
    this.memory = isDelivered ? delivered(this.memory) : failed(this.memory, Date.now());
    if (!isDelivered && this.memory.outgoing === undefined)
      log.warn('notices were given up after a day', { type: NOTICE_NOT_SENT, target: this.start.target });
  }

  private async send(batch: NoticeBatch): Promise<boolean> {
    const { target } = this.start;
    const summary = toSummary(`Notify ${target}: ${batch.groups.length} cause(s)`);
    return await oneDelivery.sendNotices.executeWithOptions({ summary }, [target, batch]).then(
      () => true,
      () => false,
    );
  }

  private async untilSomethingIsDue(): Promise<void> {
    const due = this.dueNow;
    const isOther = () => this.mustContinueAsNew || this.dueNow !== due;
    if (due === undefined) await condition(isOther);
    else await waitAtMost(isOther, due - Date.now(), 'Until the next message may be sent');
  }

  /** The next time at which something has to be done. */
  private get dueNow(): number | undefined {
    return this.memory.outgoing?.nextTry ?? nextDue(this.memory);
  }
}

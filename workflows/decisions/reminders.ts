import { durationMs } from '../../contract/durations.js';
import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { notices } from '../kernel/activity-options.js';
import type { BlockedStep } from './decision-desk.js';
import type { StatusBoard } from '../kernel/status-board.js';
import { announceTrouble, waitUntilCloudIsBack } from '../cloud-trouble/outage.js';
import { toSummary } from '../../contract/markdown.js';

/** What the order says about failures, and the cloud of the run. */
export interface FailurePolicy {
  cloud: string;
  onFailure: 'ask' | 'undo' | 'keep';
  decisionDeadline?: string | undefined;
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  then?: 'undo' | 'keep' | undefined;
}

/** Intervals between reminders of a blocked run; after these, one every week. */
const REMINDER_INTERVALS = ['1 hour', '4 hours', '1 day', '2 days', '4 days'] as const;
const LONGEST_INTERVAL = '7 days';

interface Waiting {
  board: StatusBoard;
  policy: FailurePolicy;
  decided(): boolean;
  updateStatus(): void;
}

/**
 * Notifies people that a run waits for a decision, at growing intervals, until the decision or the order's deadline.
 */
export async function keepReminding(
  blocked: BlockedStep,
  { board, policy, decided, updateStatus }: Waiting,
): Promise<'decided' | 'passed'> {
  const end = policy.decisionDeadline && Date.now() + durationMs(policy.decisionDeadline);
  if (end) {
    blocked.until = new Date(end).toISOString();
    updateStatus();
  }
  const { step, type, message, since, until, skippable } = blocked;
  for (let nth = 0; ; nth += 1) {
    const notice = {
      about: 'run',
      run: board.id,
      operation: board.operation,
      step,
      type,
      message,
      since,
      until,
      skippable,
      nth,
    } as const;
    const summary = toSummary(`Notify: ${step} waits for a decision`);
    void notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
    const pause = Math.min(durationMs(REMINDER_INTERVALS[nth] ?? LONGEST_INTERVAL), end ? end - Date.now() : Infinity);
    if (await waitAtMost(decided, pause, toSummary(`Until a decision on ${step}`))) return 'decided';
    if (end && Date.now() >= end) return 'passed';
  }
}

/** Waits until the cloud answers (true) or a person decides (false). */
export async function waitForCloud(
  cloud: string,
  { type, message }: BlockedStep,
  decided: () => boolean,
): Promise<boolean> {
  await announceTrouble({ cloud, type, message });
  return await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const back = waitUntilCloudIsBack(cloud).then(() => true);
    const met = condition(decided).then(() => false);
    try {
      return await Promise.race([back, met]);
    } finally {
      scope.cancel();
    }
  });
}

/** Waits for a condition, at most `pause` milliseconds; false when the time is up. */
export async function waitAtMost(fact: () => boolean, pause: number, summary: string): Promise<boolean> {
  return await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const up = sleep(Math.max(1, pause), { summary }).then(() => false);
    const met = condition(fact).then(() => true);
    try {
      return await Promise.race([met, up]);
    } finally {
      scope.cancel();
    }
  });
}

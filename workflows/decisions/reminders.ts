import { durationMs } from '../../contract/durations.js';
import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { FailureType } from '../../contract/failures.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import { notices, temporalReads } from '../kernel/activity-options.js';
import type { BlockedStep } from './blocked-step.js';
import type { StatusBoard } from '../kernel/status-board.js';
import { announceTrouble, cloudAnswers, waitUntilCloudIsBack } from '../cloud-trouble/outage.js';
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
  /** Whether the deadline stands still while the cloud is in trouble. */
  standsStill: boolean;
  decided(): boolean;
  updateStatus(): void;
}

/**
 * Notifies people that a run waits for a decision, at growing intervals, until the decision or the order's deadline.
 * While its cloud is in trouble, the deadline stands still.
 */
export async function keepReminding(blocked: BlockedStep, waiting: Waiting): Promise<'decided' | 'passed'> {
  const { policy, standsStill, decided } = waiting;
  let counted = Date.now();
  let end = policy.decisionDeadline === undefined ? Infinity : counted + durationMs(policy.decisionDeadline);
  if (end < Infinity) showDeadline(end, blocked, waiting);
  for (let nth = 0; ; nth += 1) {
    remind(nth, blocked, waiting);
    const pause = Math.min(durationMs(REMINDER_INTERVALS[nth] ?? LONGEST_INTERVAL), end - Date.now());
    if (await waitAtMost(decided, pause, toSummary(`Until a decision on ${blocked.step}`))) return 'decided';
    if (Date.now() < end) continue;
    if (standsStill) end = await deadlineAfterTrouble({ end, from: counted }, blocked, waiting);
    if (decided()) return 'decided';
    counted = Date.now();
    if (end <= counted) return 'passed';
    showDeadline(end, blocked, waiting);
  }
}

/**
 * When a deadline ends that has come: later by the time for which the cloud was in trouble since `from`. If the cloud is
 * away now, nobody knows since when: then the whole deadline begins again once it is back.
 */
async function deadlineAfterTrouble(
  { end, from }: { end: number; from: number },
  blocked: BlockedStep,
  waiting: Waiting,
): Promise<number> {
  const { cloud, decisionDeadline = '' } = waiting.policy;
  if (await cloudAnswers(cloud)) {
    const spec = { cloud, from, to: Date.now() };
    return end + (await retryOnEviction(async () => await temporalReads.outageTime(spec)));
  }
  showDeadline(undefined, blocked, waiting);
  const message = `it does not answer while a run waits for a decision on ${blocked.step}`;
  await waitForCloud(cloud, { type: FailureType.Unavailable, message }, waiting.decided);
  return Date.now() + durationMs(decisionDeadline);
}

function showDeadline(end: number | undefined, blocked: BlockedStep, { updateStatus }: Waiting): void {
  blocked.until = end === undefined ? undefined : new Date(end).toISOString();
  updateStatus();
}

function remind(nth: number, blocked: BlockedStep, { board }: Waiting): void {
  const { step, type, message, since, until, skippable } = blocked;
  const run = { about: 'run', run: board.id, operation: board.operation } as const;
  const notice = { ...run, step, type, message, since, until, skippable, nth };
  const summary = toSummary(`Notify: ${step} waits for a decision`);
  void notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
}

/** Waits until the cloud answers (true) or a person decides (false). */
export async function waitForCloud(
  cloud: string,
  { type, message }: Pick<BlockedStep, 'type' | 'message'>,
  decided: () => boolean,
): Promise<boolean> {
  await announceTrouble({ cloud, type, message });
  return !(await isMetBefore(decided, async () => await waitUntilCloudIsBack(cloud)));
}

/** Waits for a condition, at most `pause` milliseconds; false when the time is up. */
export async function waitAtMost(fact: () => boolean, pause: number, summary: string): Promise<boolean> {
  return await isMetBefore(fact, async () => await sleep(Math.max(1, pause), { summary }));
}

/** Waits for a condition or for an end, whichever comes first; true for the condition. Then it cancels the other. */
export async function isMetBefore(fact: () => boolean, end: () => Promise<unknown>): Promise<boolean> {
  return await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const ended = end().then(() => false);
    const met = condition(fact).then(() => true);
    try {
      return await Promise.race([met, ended]);
    } finally {
      scope.cancel();
    }
  });
}

import { durationMs } from '../../contract/durations.js';
import { CancellationScope, condition, sleep } from '@temporalio/workflow';
import { notices } from '../kernel/activity-options.js';
import type { BlockedStep } from './decision-desk.js';
import type { StatusBoard } from '../kernel/status-board.js';
import { announceTrouble, waitUntilCloudIsBack } from '../cloud-trouble/outage.js';

/** What the order says about failures. */
export interface Policy {
  cloud: string;
  onFailure: 'ask' | 'undo' | 'keep';
  decisionDeadline?: string | undefined;
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  then?: 'undo' | 'keep' | undefined;
}

/** When a blocked run speaks up again; after these, every week. */
const growing = ['1 hour', '4 hours', '1 day', '2 days', '4 days'] as const;
const LONGEST = '7 days';

interface Waiting {
  board: StatusBoard;
  policy: Policy;
  decided(): boolean;
  show(): void;
}

/** Tells people that a run waits for them, at growing intervals, until they decide or the order's deadline passes. */
export async function keepReminding(
  ticket: BlockedStep,
  { board, policy, decided, show }: Waiting,
): Promise<'decided' | 'passed'> {
  const end = policy.decisionDeadline && Date.now() + durationMs(policy.decisionDeadline);
  if (end) {
    ticket.until = new Date(end).toISOString();
    show();
  }
  const { step, type, message, since, until, skippable } = ticket;
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
    const summary = `Tell people that ${step} waits for a decision`;
    void notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
    const pause = Math.min(durationMs(growing[nth] ?? LONGEST), end ? end - Date.now() : Infinity);
    if (await waitWithin(decided, pause, `Until ${step} is decided`)) return 'decided';
    if (end && Date.now() >= end) return 'passed';
  }
}

/** Waits until the cloud answers (true) or somebody decides (false). */
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

/** Waits for a fact, but not longer than this; false when the time is up. */
export async function waitWithin(fact: () => boolean, pause: number, summary: string): Promise<boolean> {
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

import { condition } from '@temporalio/workflow';
import { notices } from '../kernel/activity-options.js';
import type { Notice } from '../../contract/notices.js';
import { waitUntilCloudIsBack } from './outage.js';
import type { Trouble } from '../../contract/cloud-trouble.js';
import { toSummary } from '../../contract/markdown.js';

const REMINDER_INTERVALS = ['15 minutes', '1 hour', '4 hours', '1 day'] as const;

/**
 * Notifies people that a cloud is in trouble, at growing intervals, and when it is back. The runs continue by
 * themselves.
 */
export async function cloudTrouble(trouble: Trouble): Promise<{ since: string; backAt: string }> {
  const since = new Date().toISOString();
  const seen = { back: false };
  const watching = waitUntilCloudIsBack(trouble.cloud).then(() => (seen.back = true));
  // a cancellation also ends the wait below, which throws it
  watching.catch(() => undefined);
  let nth = 0;
  do {
    void notify({ about: 'cloud', ...trouble, since, nth });
    nth += 1;
  } while (!(await condition(() => seen.back, REMINDER_INTERVALS[nth - 1] ?? '1 day')));
  await watching;
  const backAt = new Date().toISOString();
  await notify({ about: 'cloud-back', ...trouble, since, backAt });
  return { since, backAt };
}

/** A notification that fails changes nothing. */
async function notify(notice: Extract<Notice, { cloud: string }>): Promise<void> {
  const summary = toSummary(`Notify: cloud ${notice.cloud}`);
  await notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
}

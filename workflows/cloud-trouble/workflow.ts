import { condition } from '@temporalio/workflow';
import { notices } from '../kernel/activity-options.js';
import type { Notice } from '../../contract/notices.js';
import { waitUntilCloudIsBack } from './outage.js';
import type { Trouble } from '../../contract/cloud-trouble.js';

const growing = ['15 minutes', '1 hour', '4 hours', '1 day'] as const;

/** Tells people once that a cloud is in trouble, again at growing intervals, and when it is back; the runs go on by themselves. */
export async function cloudTrouble(trouble: Trouble): Promise<{ since: string; backAt: string }> {
  const since = new Date().toISOString();
  const seen = { back: false };
  const watching = waitUntilCloudIsBack(trouble.cloud).then(() => (seen.back = true));
  // a cancellation ends the wait below too, which tells of it
  watching.catch(() => undefined);
  let nth = 0;
  do {
    void tell({ about: 'cloud', ...trouble, since, nth });
    nth += 1;
  } while (!(await condition(() => seen.back, growing[nth - 1] ?? '1 day')));
  await watching;
  const backAt = new Date().toISOString();
  await tell({ about: 'cloud-back', ...trouble, since, backAt });
  return { since, backAt };
}

/** A cloud is not worse off when nobody could be told. */
async function tell(notice: Extract<Notice, { cloud: string }>): Promise<void> {
  const summary = `Tell people of cloud ${notice.cloud}`;
  await notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
}

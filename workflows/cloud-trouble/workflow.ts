import { condition } from '@temporalio/workflow';
import { notices } from '../shared/activity-options.js';
import { cloudIsBack } from '../shared/trouble.js';
import type { Trouble } from './contract.js';

const growing = ['15 minutes', '1 hour', '4 hours', '1 day'] as const;

/** Tells people once that a cloud is in trouble, again at growing intervals, and when it is back; the runs go on by themselves. */
export async function cloudTrouble(trouble: Trouble): Promise<{ since: string; backAt: string }> {
  const since = new Date().toISOString();
  let back = false;
  const watching = cloudIsBack(trouble.cloud).then(() => (back = true));
  for (let nth = 0; !back; nth += 1) {
    void notices.notify({ about: 'cloud', ...trouble, since, nth }).catch(() => undefined);
    await condition(() => back, growing[nth] ?? '1 day');
  }
  await watching;
  const backAt = new Date().toISOString();
  await notices.notify({ about: 'cloud-back', ...trouble, since, backAt }).catch(() => undefined);
  return { since, backAt };
}

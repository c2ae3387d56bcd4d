import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { durationMs } from '../../contract/durations.js';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';
import type { Protection } from '../../contract/protection.js';
import { waitAtMost } from '../decisions/reminders.js';
import { notices } from '../kernel/activity-options.js';
import type { OperationContext } from '../kernel/operation.js';
import type { ProtectionOrder } from './contract.js';
import type { ProtectionProgress } from './progress.js';

interface Place {
  cloud: string;
  tenantId: string;
}

/** A look that waits for news, and what is done meanwhile. */
interface Waiting {
  place: Place;
  progress: ProtectionProgress;
  /** Issues another token, before the one that the customer has is over. */
  renewToken(): Promise<void>;
}

/**
 * Waits until something has changed at the customer, records it, and shows it in the status. It reminds the operator
 * again and again, and replaces a token before it is over. Fails when the tenant is deleted.
 */
export async function waitForNews(
  { order, steps, since }: Pick<OperationContext<ProtectionOrder>, 'order' | 'steps' | 'since'>,
  { place, progress, renewToken }: Waiting,
): Promise<void> {
  const { agents } = order;
  const as = progress.hasReached('planApplied') ? 'awaitBackup' : 'awaitMachine';
  const { seen } = progress;
  const news = steps.watch(
    'watchProtection',
    { ...place, ...(since !== undefined && { since }), ...(seen && { seen }), ...steps.meantTenant() },
    { as, summary: as === 'awaitMachine' ? 'Until a machine is there' : 'Until a backup has succeeded' },
    async (hasEnded) => await keepBusy(hasEnded, { order, progress, place, renewToken }),
  );
  const sight = await news;
  if (sight.tenant === 'gone')
    throw ApplicationFailure.nonRetryable('the tenant was deleted before it was protected', FailureType.Rejected);
  progress.record(sight, agents, Date.now());
  steps.setFacts({ protection: progress.about(agents) });
}

/** Until the look has ended: reminds, and replaces a token before it is over. */
async function keepBusy(
  hasEnded: () => boolean,
  { order, progress, place, renewToken }: Waiting & { order: ProtectionOrder },
): Promise<void> {
  const pause = durationMs(order.remindAfter);
  let remindAt = Date.now() + pause;
  for (let nth = 0; ;) {
    const next = Math.min(remindAt, progress.nextTokenAt);
    if (await waitAtMost(hasEnded, next - Date.now(), 'Until a reminder, or another token')) return;
    if (Date.now() >= progress.nextTokenAt) await renewToken();
    if (Date.now() < remindAt) continue;
    remind(progress.about(order.agents), { ...place, nth });
    remindAt = Date.now() + pause;
    nth += 1;
  }
}

function remind({ missing }: Protection, about: Place & { nth: number }): void {
  if (missing === undefined) return;
  const { what, since, whoMustAct } = missing;
  const { workflowId: run } = workflowInfo();
  const notice = { about: 'onboarding', run, ...about, missing: what, since, whoMustAct } as const;
  const summary = toSummary(`Remind: ${what}`);
  void notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
}

import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { durationMs } from '../../contract/durations.js';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';
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
  /** Issues another token beside the look; for runs of an older revision. */
  renewToken(): Promise<void>;
}

/**
 * Waits until something has changed at the customer, records it, and shows it in the status. It reminds the operator
 * again and again. Ends earlier when another token is due. Fails when the tenant is deleted.
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
    {
      ...place,
      ...(since !== undefined && { since }),
      ...(seen && { seen }),
      ...steps.meantTenant(),
    },
    { as, summary: as === 'awaitMachine' ? 'Until a machine is there' : 'Until a backup has succeeded' },
    async (hasEnded) => await keepBusy(hasEnded, { order, steps, progress, place, renewToken }),
  );
  const sight = await news;
  if (sight === undefined) return;
  if (sight.tenant === 'gone') {
    if (sight.deleted === true) steps.isDeleted(place.tenantId);
    const message = 'the tenant was deleted before it was protected, or is out of our reach';
    throw ApplicationFailure.nonRetryable(message, FailureType.Rejected);
  }
  progress.record(sight, agents, Date.now());
  steps.setFacts({ protection: progress.about(agents) });
}

/** Until the look has ended, or another token is due: reminds. */
async function keepBusy(
  hasEnded: () => boolean,
  { order, steps, progress, place, renewToken }: Waiting & Pick<OperationContext<ProtectionOrder>, 'order' | 'steps'>,
): Promise<void> {
  const pause = durationMs(order.remindAfter);
  for (;;) {
    const remindAt = (progress.remindAt ??= Date.now() + pause);
    const next = Math.min(remindAt, progress.tokenDueAt(order.agents));
    if (await waitAtMost(hasEnded, next - Date.now(), 'Until a reminder, or another token')) return;
    if (Date.now() >= progress.tokenDueAt(order.agents)) {
      if (progress.isStepByStep) return;
      await renewToken();
    }
    if (Date.now() < remindAt) continue;
    remind(place, order, progress);
    if (progress.isStepByStep) steps.setFacts({ protection: progress.about(order.agents) });
    progress.remindAt = Date.now() + pause;
  }
}

function remind(place: Place, { agents }: ProtectionOrder, progress: ProtectionProgress): void {
  const nth = progress.reminded();
  const { missing } = progress.about(agents);
  if (missing === undefined) return;
  const { what, since, whoMustAct } = missing;
  const { workflowId: run } = workflowInfo();
  const notice = { about: 'onboarding', run, ...place, nth, missing: what, since, whoMustAct } as const;
  const summary = toSummary(`Remind: ${what}`);
  void notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
}

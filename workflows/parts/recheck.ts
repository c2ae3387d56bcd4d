import type { ActivityInput } from '../kernel/activity-calls.js';
import { RECHECKS_AFTER_BLOCK, RECHECKS_AFTER_RETRY } from '../../contract/revision.js';
import type { Steps } from '../kernel/steps.js';

/**
 * Rechecks a tenant, whose it is, and its user, role and items before the run reports them as usable. While the run was blocked,
 * stood still, or tried a step again, a person may have disabled or removed them. A run that got on at once makes no call.
 */
export async function recheckIfDisturbed(
  steps: Pick<Steps, 'wasBlocked' | 'wasRetried' | 'invalidate' | 'lookUp' | 'meantTenant'>,
  {
    cloud,
    tenantId,
    parentTenantId,
    userId,
    role,
    items,
    revision,
  }: ActivityInput<'checkStillUsable'> & { revision: number },
): Promise<void> {
  const wasBlocked = revision >= RECHECKS_AFTER_BLOCK && steps.wasBlocked();
  const wasRetried = revision >= RECHECKS_AFTER_RETRY && steps.wasRetried();
  if (!wasBlocked && !wasRetried) return;
  steps.invalidate('checkStillUsable');
  const { meant } = steps.meantTenant();
  const given = {
    ...(parentTenantId === undefined ? {} : { parentTenantId }),
    ...(userId === undefined ? {} : { userId }),
    ...(role === undefined ? {} : { role }),
    ...(items === undefined ? {} : { items }),
    ...(meant?.tenantId === tenantId && { meant }),
  };
  await steps.lookUp(
    'checkStillUsable',
    { cloud, tenantId, ...given },
    { summary: 'Does it still exist, and is it enabled?' },
  );
}

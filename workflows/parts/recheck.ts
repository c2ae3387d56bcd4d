import type { ActivityInput } from '../kernel/activity-calls.js';
import { RECHECKS_AFTER_BLOCK } from '../../contract/revision.js';
import type { Steps } from '../kernel/steps.js';

/**
 * Rechecks a tenant with its user, role and items before the run reports them as usable. While the run was blocked, a
 * person may have disabled or removed them. A run that was never blocked makes no call.
 */
export async function recheckIfBlocked(
  steps: Pick<Steps, 'wasBlocked' | 'invalidate' | 'lookUp'>,
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
  if (revision < RECHECKS_AFTER_BLOCK || !steps.wasBlocked()) return;
  steps.invalidate('checkStillUsable');
  const given = {
    ...(parentTenantId === undefined ? {} : { parentTenantId }),
    ...(userId === undefined ? {} : { userId }),
    ...(role === undefined ? {} : { role }),
    ...(items === undefined ? {} : { items }),
  };
  await steps.lookUp(
    'checkStillUsable',
    { cloud, tenantId, ...given },
    { summary: 'Does it still exist, and is it enabled?' },
  );
}

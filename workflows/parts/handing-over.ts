import type { ActivityInput } from '../kernel/activity-calls.js';
import { LOOKS_ONCE_MORE } from '../../contract/revision.js';
import type { Steps } from '../kernel/steps.js';

/**
 * Looks once more at a tenant, and its user, role and items, that this run is about to call usable: where it was blocked since, a person may have
 * switched them off or removed them. A run that was never blocked makes no call.
 */
export async function checkAgainIfBlocked(
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
  if (revision < LOOKS_ONCE_MORE || !steps.wasBlocked()) return;
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
    { summary: 'Is it still there, and switched on?' },
  );
}

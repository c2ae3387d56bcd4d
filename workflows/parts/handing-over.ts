import type { Spec } from '../kernel/calling.js';
import { LOOKS_ONCE_MORE } from '../../contract/revision.js';
import type { Teller } from '../kernel/step-runner.js';

/**
 * Looks once more at a tenant, and its user, role and items, that this run is about to call usable: where it was blocked since, a person may have
 * switched them off or removed them. A run that was never blocked makes no call.
 */
export async function lookOnceMore(
  run: Pick<Teller, 'wasBlocked' | 'forget' | 'look'>,
  { cloud, tenantId, userId, role, items, revision }: Spec<'checkStillUsable'> & { revision: number },
): Promise<void> {
  if (revision < LOOKS_ONCE_MORE || !run.wasBlocked()) return;
  run.forget('checkStillUsable');
  const given = {
    ...(userId === undefined ? {} : { userId }),
    ...(role === undefined ? {} : { role }),
    ...(items === undefined ? {} : { items }),
  };
  await run.look('checkStillUsable', { cloud, tenantId, ...given }, { summary: 'Is it still there, and switched on?' });
}

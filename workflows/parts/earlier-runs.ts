import type { EarlierSpec, EarlierRuns, UserRef, EarlierForUser } from '../../contract/earlier-runs.js';
import { temporalReads } from '../kernel/activity-options.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import type { Mark } from '../../contract/mark.js';
import type { Steps } from '../kernel/steps.js';

/**
 * Asks Temporal for earlier runs of a key, unless the answer came with the input. That answer is used once: an
 * amendment changes the input.
 */
export async function queryEarlierRuns(
  spec: EarlierSpec,
  ahead: { earlier?: EarlierRuns | undefined },
): Promise<EarlierRuns> {
  const { earlier } = ahead;
  ahead.earlier = undefined;
  if (earlier !== undefined) return earlier;
  return await retryOnEviction(() => temporalReads.earlierRuns(spec));
}

/** Asks Temporal what earlier runs have done for a user. */
export async function queryEarlierRunsOfUser(user: UserRef): Promise<EarlierForUser> {
  return await retryOnEviction(() => temporalReads.earlierForUser(user));
}

interface SameOrderContext {
  cloud: string;
  mark: Mark;
  kind: 'customer' | 'partner';
  parentTenantId: string | undefined;
}

/**
 * Returns the earlier runs. Fails with `Different` when one completed with another order and its tenant still exists.
 */
export async function checkSameOrder(
  steps: Pick<Steps, 'lookUp'>,
  earlier: EarlierRuns,
  { cloud, mark, kind, parentTenantId }: SameOrderContext,
): Promise<EarlierRuns> {
  const { completed, tenants, parents } = earlier;
  if (completed !== undefined)
    await steps.lookUp(
      'checkSameOrder',
      { cloud, mark, kind, parentTenantId, tenants, parents, completed },
      { summary: `Is what ${completed.workflowId} created still there?` },
    );
  return earlier;
}

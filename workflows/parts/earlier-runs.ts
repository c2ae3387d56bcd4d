import type { EarlierSpec, EarlierRuns, UserRef, EarlierForUser } from '../../contract/earlier-runs.js';
import { patientLooks } from '../kernel/activity-options.js';
import { retryOnEviction } from '../kernel/eviction.js';
import type { Mark } from '../../contract/mark.js';
import type { Steps } from '../kernel/steps.js';

/** Asks Temporal for earlier runs of a key, unless the answer came ahead. That counts once: it is of the input as it was then. */
export async function askForEarlierRuns(
  spec: EarlierSpec,
  ahead: { earlier?: EarlierRuns | undefined },
): Promise<EarlierRuns> {
  const { earlier } = ahead;
  ahead.earlier = undefined;
  if (earlier !== undefined) return earlier;
  return await retryOnEviction(() => patientLooks.earlierRuns(spec));
}

/** Asks Temporal what earlier runs have done for a user. */
export async function askForEarlierRunsOfUser(user: UserRef): Promise<EarlierForUser> {
  return await retryOnEviction(() => patientLooks.earlierForUser(user));
}

interface Other {
  cloud: string;
  mark: Mark;
  kind: 'customer' | 'partner';
  parentTenantId: string | undefined;
}

/** What is known of earlier runs. Fails with `Different` when one completed with another order and its tenant is still there. */
export async function withSameOrder(
  steps: Pick<Steps, 'lookUp'>,
  earlier: EarlierRuns,
  { cloud, mark, kind, parentTenantId }: Other,
): Promise<EarlierRuns> {
  const { completed, tenants, parents } = earlier;
  if (completed !== undefined)
    await steps.lookUp(
      'checkSameOrder',
      { cloud, mark, kind, parentTenantId, tenants, parents, completed },
      { summary: `Is what ${completed.workflowId} made still there?` },
    );
  return earlier;
}

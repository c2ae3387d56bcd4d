import type { EarlierRuns } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt, Outcome } from './attempt.js';
import { refuse } from './failures.js';
import { findMarkedTenants, type MarkSearch, type TenantKind } from './marked-tenants.js';

interface SameOrderSpec extends Omit<MarkSearch, 'parentTenantId'> {
  cloud: string;
  kind: TenantKind;
  /** Absent for our own tenant. */
  parentTenantId: string | undefined;
  /** How the order of an earlier completed run differs. */
  completed: NonNullable<EarlierRuns['completed']>;
}

export function createSameOrderActivities(dependencies: ActivityDependencies) {
  return {
    /** Fails with `Different` when the tenant of an earlier run with another order still exists. Changes nothing. */
    checkSameOrder: activity.look(dependencies, checkSameOrder),
  };
}

async function checkSameOrder(
  { kind, completed, ...search }: SameOrderSpec,
  { acronis }: Attempt,
): Promise<Outcome<null>> {
  const rootId = await acronis.rootTenantId();
  const parentTenantId = search.parentTenantId ?? rootId;
  const there = await findMarkedTenants(
    acronis,
    { ...search, parentTenantId, parents: [rootId, ...(search.parents ?? [])] },
    kind,
  );
  const first = there.find(({ whose }) => whose === 'our-customers');
  if (first === undefined) return { result: null };
  const { name, id } = first.tenant;
  throw refuse(
    FailureType.Different,
    `${completed.workflowId} has completed with another order, and its tenant ${JSON.stringify(name)} (${id}) is still there: ` +
      `${completed.differing.join('; ')}. Order what was ordered before, or change the tenant by what is named here`,
  );
}

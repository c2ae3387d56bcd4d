import type { EarlierRuns } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { markedTenants, type MadeKind, type MarkedPlace } from './marked-tenants.js';

interface SameOrderSpec extends Omit<MarkedPlace, 'parentTenantId'> {
  cloud: string;
  kind: MadeKind;
  /** Absent: our own tenant. */
  parentTenantId: string | undefined;
  /** How an earlier run that completed was ordered otherwise. */
  completed: NonNullable<EarlierRuns['completed']>;
}

export function createSameOrderActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Fails with `Different` when a tenant that an earlier run of the key has made with another order is still there, and names what differs. Changes
     * nothing.
     */
    checkSameOrder: activity(dependencies, patience.look, checkSameOrder),
  };
}

async function checkSameOrder(
  { kind, completed, ...place }: SameOrderSpec,
  { acronis }: Attempt,
): Promise<Found<null>> {
  const rootId = await acronis.rootTenantId();
  const parentTenantId = place.parentTenantId ?? rootId;
  const there = await markedTenants(
    acronis,
    { ...place, parentTenantId, parents: [rootId, ...(place.parents ?? [])] },
    kind,
  );
  const first = there.find(({ whose }) => whose === 'our-customers');
  if (first === undefined) return { result: null };
  const { name, id } = first.tenant;
  throw refuse(
    FailureType.Different,
    `${completed.workflowId} has completed with another order, and its tenant ${JSON.stringify(name)} (${id}) is still there: ` +
      `${completed.differing.join('; ')}. Order what was ordered before, or change the tenant by the operation for it`,
  );
}

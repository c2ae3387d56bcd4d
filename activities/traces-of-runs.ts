import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { EarlierRuns } from '../contract/earlier-runs.js';
import { FailureType } from '../contract/failures.js';
import { acronisPartnerId, acronisTenantId, tenantryReason, tenantryState } from '../contract/search-attributes.js';
import { hasEnded, type OperationState } from '../contract/status.js';

/** What Temporal's search shows of the tenants of these runs. */
export function traces(runs: readonly WorkflowExecutionInfo[]): EarlierRuns {
  const made = runs.flatMap(({ status, workflowId, runId, raw, typedSearchAttributes }) => {
    const tenantId = typedSearchAttributes.get(acronisTenantId);
    return status.name === 'COMPLETED' && tenantId !== undefined
      ? [{ tenantId, workflowId, runId: raw?.firstRunId || runId }]
      : [];
  });
  const all = (key: typeof acronisTenantId) => [
    ...new Set(runs.flatMap(({ typedSearchAttributes }) => typedSearchAttributes.get(key) ?? [])),
  ];
  return {
    known: runs.length === 0 ? 'none' : 'some',
    tenants: all(acronisTenantId),
    parents: all(acronisPartnerId),
    ...(runs.some(mayHaveLost) ? { lost: true as const } : {}),
    ...(made.length === 0 ? {} : { made }),
  };
}

/** These say that nothing was made. */
const madeNothing: readonly (string | undefined)[] = [FailureType.InvalidInput, FailureType.Refused, 'Different'];

/**
 * True when a closed run may have made a tenant that it does not name: it was terminated, or its call got no answer. A run
 * that the search still shows as open has closed too, unless it is one of another operation.
 */
function mayHaveLost({ status, typedSearchAttributes }: WorkflowExecutionInfo): boolean {
  const [state, reason] = [typedSearchAttributes.get(tenantryState), typedSearchAttributes.get(tenantryReason)];
  // no worker has begun it, or its tenant is known
  if (state === undefined || typedSearchAttributes.get(acronisTenantId) !== undefined) return false;
  return status.name !== 'COMPLETED' && !(hasEnded({ state: state as OperationState }) && madeNothing.includes(reason));
}

import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { FailureType } from '../../contract/failures.js';
import type { TenantPage, TenantPageSpec } from '../../contract/tenant-listing.js';

/** A person waits for the answer. */
const { listTenantPage } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '15 seconds' },
});

/**
 * Lists one page of the tenants of a cloud, for a program that has no credentials of the cloud. A run is one page, because
 * Temporal limits the size of an answer. Changes nothing.
 */
export async function listTenants(spec: TenantPageSpec | undefined): Promise<TenantPage> {
  const { cloud, after } = spec ?? ({} as Partial<TenantPageSpec>);
  if (typeof cloud !== 'string' || !['string', 'undefined'].includes(typeof after))
    throw ApplicationFailure.nonRetryable('cloud: must name a cloud, and after a page', FailureType.InvalidInput);
  return await listTenantPage({ cloud, ...(after !== undefined && { after }) });
}

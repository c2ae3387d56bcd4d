import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { LikenessSpec } from '../../activities/customer-tenants.js';
import type { Activities } from '../../activities/index.js';
import { BULK_PRIORITY } from '../../contract/call-budget.js';
import type { RunStatus } from '../../contract/children.js';
import type { ExistingTenant, FoundTenant } from '../../contract/customers.js';
import { retryOnEviction } from '../kernel/activity-calls.js';
import { temporalReads } from '../kernel/activity-options.js';
import type { Progress } from './progress.js';
import { isPatched } from './patches.js';

/** A customer reads on meanwhile, so a look may take its time; then the customer tries again later. */
const patient = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '5 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} as const;
const looks = proxyActivities<Activities>(patient);

/** Looks for which no person waits. A replay does not compare priorities. */
const bulkLooks = proxyActivities<Activities>({ ...patient, priority: { priorityKey: BULK_PRIORITY } });

/** A look for which a person waits. */
const quickLooks = proxyActivities<Activities>({
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '20 seconds',
  heartbeatTimeout: '10 seconds',
});

interface TenantSpec {
  cloud: string;
  tenantId: string;
}

type Failed = { failed: string };

/** Whether a look is part of many, so that what a person waits for goes first. */
type Haste = Pick<Progress, 'isBulk'>;

const looksOf = ({ isBulk }: Haste) => (isBulk ? bulkLooks : looks);

/** A tenant as the cloud shows it now, or why nobody could read it. */
export async function readTenant(spec: TenantSpec, haste: Haste): Promise<{ tenant: FoundTenant } | Failed> {
  return await unlessFailed(async () => ({ tenant: await looksOf(haste).readCustomerTenant(spec) }));
}

/** The same for a person who waits. */
export async function readTenantNow(spec: TenantSpec): Promise<{ tenant: FoundTenant } | Failed> {
  return await unlessFailed(async () => ({ tenant: await quickLooks.readCustomerTenant(spec) }));
}

/** The tenants that may be a new customer already. */
export async function tenantsLike(spec: LikenessSpec, haste: Haste): Promise<{ tenants: ExistingTenant[] } | Failed> {
  return await unlessFailed(async () => ({ tenants: await looksOf(haste).findExistingTenants(spec) }));
}

/** What is in a tenant, as an offboarding names it. */
export async function readContents(spec: TenantSpec, haste: Haste): Promise<{ including: object } | Failed> {
  return await unlessFailed(async () => ({ including: await looksOf(haste).readContents(spec) }));
}

/** The workflow id of another customer that has this tenant. */
export async function otherCustomerOf(tenantId: string): Promise<string | null> {
  return await retryOnEviction(async () => await temporalReads.otherCustomerOf({ tenantId }));
}

/** True in runs that look for the customer that has a tenant; those of earlier versions did not always. */
export function asksWhoseTenant(): boolean {
  return isPatched('customer-asks-whose-tenant');
}

/** Why this customer may not act for a tenant: another one has it. */
export async function whyNotOurs(tenantId: string): Promise<string | undefined> {
  const other = await otherCustomerOf(tenantId);
  return other === null ? undefined : isOf(other, tenantId);
}

/** The tenant that a run gives to a customer without one. Another customer may have adopted it meanwhile. */
export function tenantToTake({ tenant, current }: Progress, status: RunStatus | undefined): string | undefined {
  if (tenant !== undefined || current === undefined || current.isOther || status?.state !== 'completed')
    return undefined;
  return asksWhoseTenant() ? status.tenantId : undefined;
}

export function isOf(other: string, tenantId: string): string {
  return `${other} has the tenant ${tenantId}: "release" it there and "converge" here, or "adopt" another one here`;
}

async function unlessFailed<T>(look: () => Promise<T>): Promise<T | Failed> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    return { failed: cause instanceof ApplicationFailure ? cause.message : 'the cloud does not answer' };
  }
}

import { ApplicationFailure } from '@temporalio/common';
import type { Acronis, Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { makerOf } from '../contract/mark.js';
import type { TenantRef } from '../contract/orders.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { rejected, tenantMeant, type DeletedFits } from './tenant-refs.js';
import { checkSwitchedOn } from './switched-on.js';
import { weightOf } from './weight.js';

export interface TargetSpec {
  cloud: string;
  tenant: TenantRef;
  /** Kinds of tenants to which the operation does not apply. */
  unfit?: readonly string[];
  deleted?: DeletedFits;
  /** True when the operation is in vain while nobody can log in there. */
  switchedOn?: boolean;
  /** True when that is only to be said in the answer, and not to be refused yet. */
  turnFirst?: boolean;
  /** What the caller wrote as `confirm`, where the operation cannot be taken back. */
  confirm?: { given: string | undefined; because: string };
}

/** An existing tenant as an operation finds it. */
export interface Target {
  tenantId: string;
  /** Moves by one with each change of the tenant. */
  version: number;
  name: string;
  kind: string;
  parentTenantId: string;
  customerId?: string;
  enabled: boolean;
  language: string;
  /** How it is charged; absent where the cloud does not tell. */
  pricingMode?: string;
  /** False: its administrators have taken our access to its users away. */
  managedByProvider: boolean;
  /** Locked by the API client's own tenant; one that others have locked is refused. */
  locked: boolean;
  /** Present when it is deleted. ISO 8601. */
  deletedAt?: string;
  /** First run id of the run whose mark it carries. */
  madeBy?: string;
  /** True when the operation is in vain until somebody switches it on, or one above it. */
  off?: boolean;
  /** How much hangs on it, in words, where the operation cannot be taken back. */
  weight?: string;
}

export function createTargetActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the one tenant below the root that is meant. Changes nothing. Fails with `Acronis.Rejected` when none or several fit, when it is the
     * root, of the wrong kind or locked by somebody else, and when what cannot be taken back is not confirmed by its exact name; with
     * `Tenantry.SwitchedOff` when it, or one above it, must be switched on and is not.
     */
    findTenant: activity(dependencies, patience.look, findTenant),
  };
}

async function findTenant(
  { tenant, unfit = [], deleted, switchedOn, turnFirst, confirm }: TargetSpec,
  { acronis }: Attempt,
): Promise<Found<Target>> {
  const rootId = await acronis.rootTenantId();
  const found = await tenantMeant(acronis, tenant, { deleted });
  const { id, name, kind, update_lock } = found;
  if (id === rootId) throw rejected("tenant: this is the API client's own tenant; name one below it");
  if (unfit.includes(kind))
    throw rejected(`tenant: ${JSON.stringify(name)} is a ${kind}, for which this cannot be done`);
  if (found.deleted_at !== null) return { result: targetOf(found) };
  if (update_lock?.enabled && update_lock.owner_id !== rootId)
    throw rejected(
      `tenant: ${JSON.stringify(name)} is locked by tenant ${update_lock.owner_id}; only that tenant's administrators can unlock it`,
    );
  if (switchedOn && (await isOff(acronis, found, turnFirst === true)))
    return { result: { ...targetOf(found), off: true } };
  if (confirm === undefined) return { result: targetOf(found) };
  const weight = await weightOf(acronis, found);
  if (confirm.given === name) return { result: { ...targetOf(found), weight } };
  throw rejected(
    `confirm: must be the tenant's exact name (${JSON.stringify(name)}), because ${confirm.because}; it is ${weight}`,
  );
}

async function isOff(acronis: Acronis, tenant: Tenant, turnFirst: boolean): Promise<boolean> {
  try {
    await checkSwitchedOn(acronis, tenant);
    return false;
  } catch (error) {
    if (turnFirst && error instanceof ApplicationFailure && error.type === FailureType.SwitchedOff) return true;
    throw error;
  }
}

function targetOf(tenant: Tenant): Target {
  const madeBy = makerOf(tenant.internal_tag);
  return {
    tenantId: tenant.id,
    version: tenant.version,
    name: tenant.name,
    kind: tenant.kind,
    parentTenantId: tenant.parent_id,
    ...(tenant.customer_id === null ? {} : { customerId: tenant.customer_id }),
    enabled: tenant.enabled,
    language: tenant.language ?? 'en',
    ...(tenant.pricing_mode === null ? {} : { pricingMode: tenant.pricing_mode }),
    managedByProvider: tenant.ancestral_access !== false,
    locked: tenant.update_lock?.enabled === true,
    ...(tenant.deleted_at === null ? {} : { deletedAt: tenant.deleted_at }),
    ...(madeBy === undefined ? {} : { madeBy }),
  };
}

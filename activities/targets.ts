import { ApplicationFailure } from '@temporalio/common';
import type { Acronis, Tenant } from '../acronis/index.js';
import type { ExpectedCustomer } from '../contract/expected-customer.js';
import { FailureType } from '../contract/failures.js';
import { runIdInTag } from '../contract/mark.js';
import { nameKey } from '../contract/names.js';
import type { TenantRef } from '../contract/orders.js';
import { activity } from './activity.js';
import { seenIn, type ActivityDependencies, type Attempt, type Outcome } from './attempt.js';
import { checkExpectedCustomer } from './expected-customer.js';
import { reject } from './failures.js';
import { describeContents } from './tenant-contents.js';
import { checkSwitchedOn, findNamedTenant, type DeletedTenants } from './tenant-refs.js';

export interface TargetSpec {
  cloud: string;
  tenant: TenantRef;
  /** The kinds of tenants that the operation refuses. */
  unfit?: readonly string[];
  deleted?: DeletedTenants;
  /** True when the operation needs a tenant in which people can log in. */
  switchedOn?: boolean;
  /** True when a tenant that is switched off is reported as `off`, not refused. */
  turnFirst?: boolean;
  /** The customer that it must be; absent when the order alone says which tenant is meant. */
  expects?: ExpectedCustomer | undefined;
  /** The `confirm` of the order, when the operation cannot be undone. */
  confirm?: { given: string | undefined; because: string };
}

/** An existing tenant as it was found. */
export interface Target {
  tenantId: string;
  /** Grows by one with each change of the tenant. */
  version: number;
  name: string;
  kind: string;
  parentTenantId: string;
  customerId?: string;
  /** Of its contact. */
  email?: string;
  /** Its internal tag. */
  tag?: string;
  enabled: boolean;
  language: string;
  /** How it is charged; absent when the cloud does not show it. */
  pricingMode?: string;
  /** False when its administrators have ended our access to its users. */
  managedByProvider: boolean;
  /** True when the API client's own tenant has locked it. A tenant that others have locked is refused. */
  locked: boolean;
  /** When it was deleted, in ISO 8601; absent when it was not. */
  deletedAt?: string;
  /** The first run id in its mark. */
  madeBy?: string;
  /** True when the tenant, or one above it, must be switched on first. */
  off?: boolean;
  /** What is in the tenant, in words, when the operation cannot be undone. */
  weight?: string;
}

export function createTargetActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the one tenant below the root that the order names. Changes nothing. Fails with `Acronis.Rejected` when
     * none or several fit, when it is the root, of the wrong kind, or locked by somebody else, and when an operation
     * that cannot be undone is not confirmed by its exact name; with `Tenantry.SwitchedOff` when it, or one above it,
     * is switched off and must not be; with `Tenantry.Unexpected` when the list in which it was found is old, and when
     * it seems to be another customer's than `expects` says.
     */
    findTenant: activity.look(dependencies, async (spec: TargetSpec, attempt) =>
      seenIn(await findTenant(spec, attempt)),
    ),
  };
}

async function findTenant(
  { tenant, unfit = [], deleted, switchedOn, turnFirst, confirm, expects }: TargetSpec,
  { acronis }: Attempt,
): Promise<Outcome<Target>> {
  const rootId = await acronis.rootTenantId();
  const found = await findNamedTenant(acronis, tenant, { deleted });
  const { id, name, kind, update_lock } = found;
  if (expects !== undefined) checkExpectedCustomer(found, expects);
  if (id === rootId) throw reject("tenant: this is the API client's own tenant; name one below it");
  if (unfit.includes(kind)) throw reject(`tenant: ${JSON.stringify(name)} is a ${kind}, for which this cannot be done`);
  if (found.deleted_at !== null) return { result: targetOf(found) };
  if (update_lock?.enabled && update_lock.owner_id !== rootId)
    throw reject(
      `tenant: ${JSON.stringify(name)} is locked by tenant ${update_lock.owner_id}; only that tenant's administrators can unlock it`,
    );
  if (switchedOn && (await isOff(acronis, found, turnFirst === true)))
    return { result: { ...targetOf(found), off: true } };
  if (confirm === undefined) return { result: targetOf(found) };
  const weight = await describeContents(acronis, found);
  if (confirm.given !== undefined && nameKey(confirm.given) === nameKey(name))
    return { result: { ...targetOf(found), weight } };
  throw reject(
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
  const madeBy = runIdInTag(tenant.internal_tag);
  return {
    tenantId: tenant.id,
    version: tenant.version,
    name: tenant.name,
    kind: tenant.kind,
    parentTenantId: tenant.parent_id,
    ...(tenant.customer_id === null ? {} : { customerId: tenant.customer_id }),
    ...(tenant.contact?.email && { email: tenant.contact.email }),
    ...(tenant.internal_tag && { tag: tenant.internal_tag }),
    enabled: tenant.enabled,
    language: tenant.language ?? 'en',
    ...(tenant.pricing_mode === null ? {} : { pricingMode: tenant.pricing_mode }),
    managedByProvider: tenant.ancestral_access !== false,
    locked: tenant.update_lock?.enabled === true,
    ...(tenant.deleted_at === null ? {} : { deletedAt: tenant.deleted_at }),
    ...(madeBy === undefined ? {} : { madeBy }),
  };
}

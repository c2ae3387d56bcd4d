import { isAcronisError, type Acronis, type Tenant } from '../acronis/index.js';
import { FailureType } from '../workflows/shared/failures.js';
import { makerOf } from '../workflows/shared/mark.js';
import type { TenantRef } from '../workflows/shared/order.js';
import { activity, patience, type ActivityDependencies, type Attempt, type Found } from './attempt.js';
import { refuse } from './failures.js';
import { weightOf } from './weight.js';

export interface TargetSpec {
  cloud: string;
  tenant: TenantRef;
  /** Kinds of tenants to which the operation does not apply. */
  unfit?: readonly string[];
  /** What the caller wrote as `confirm`, where the operation cannot be taken back. */
  confirm?: { given: string | undefined; because: string };
}

/** An existing tenant as an operation finds it. */
export interface Target {
  tenantId: string;
  name: string;
  kind: string;
  parentTenantId: string;
  customerId?: string;
  enabled: boolean;
  language: string;
  /** False: its administrators have taken our access to its users away. */
  managedByProvider: boolean;
  /** Locked by the API client's own tenant; one that others have locked is refused. */
  locked: boolean;
  /** First run id of the run whose mark it carries. */
  madeBy?: string;
  /** How much hangs on it, in words, where the operation cannot be taken back. */
  weight?: string;
}

export function createTargetActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the one tenant below the root that is meant. Changes nothing. Fails with `Acronis.Rejected` when none or several fit, when it is the
     * root, of the wrong kind or locked by somebody else, and when what cannot be taken back is not confirmed by its exact name.
     */
    findTenant: activity(dependencies, patience.look, findTenant),
  };
}

async function findTenant({ tenant, unfit = [], confirm }: TargetSpec, { acronis }: Attempt): Promise<Found<Target>> {
  const rootId = await acronis.rootTenantId();
  const found = 'id' in tenant ? await byId(acronis, tenant.id) : await byText(acronis, rootId, tenant);
  const { id, name, kind, update_lock } = found;
  if (id === rootId) throw rejected("tenant: this is the API client's own tenant; name one below it");
  if (unfit.includes(kind))
    throw rejected(`tenant: ${JSON.stringify(name)} is a ${kind}, for which this cannot be done`);
  if (update_lock?.enabled && update_lock.owner_id !== rootId)
    throw rejected(
      `tenant: ${JSON.stringify(name)} is locked by tenant ${update_lock.owner_id}; only that tenant's administrators can unlock it`,
    );
  if (confirm === undefined) return { result: targetOf(found) };
  const weight = await weightOf(acronis, found);
  if (confirm.given === name) return { result: { ...targetOf(found), weight } };
  throw rejected(
    `confirm: must be the tenant's exact name (${JSON.stringify(name)}), because ${confirm.because}; it is ${weight}`,
  );
}

function targetOf(tenant: Tenant): Target {
  const madeBy = makerOf(tenant.internal_tag);
  return {
    tenantId: tenant.id,
    name: tenant.name,
    kind: tenant.kind,
    parentTenantId: tenant.parent_id,
    ...(tenant.customer_id === null ? {} : { customerId: tenant.customer_id }),
    enabled: tenant.enabled,
    language: tenant.language ?? 'en',
    managedByProvider: tenant.ancestral_access !== false,
    locked: tenant.update_lock?.enabled === true,
    ...(madeBy === undefined ? {} : { madeBy }),
  };
}

async function byId(acronis: Acronis, id: string): Promise<Tenant> {
  try {
    return await acronis.tenants.get(id);
  } catch (error) {
    if (!isAcronisError(error) || !['not-found', 'forbidden'].includes(error.kind)) throw error;
    throw rejected(`tenant.id: ${id} is no tenant below the API client's own: ${error.message}`);
  }
}

async function byText(acronis: Acronis, rootId: string, ref: Exclude<TenantRef, { id: string }>): Promise<Tenant> {
  const [field, wanted] = 'name' in ref ? (['name', ref.name] as const) : (['customerId', ref.customerId] as const);
  const fitting: Tenant[] = [];
  for await (const tenant of acronis.tenants.list({ subtreeRootId: rootId })) {
    const text = field === 'name' ? tenant.name : tenant.customer_id;
    if (tenant.deleted_at === null && tenant.id !== rootId && text?.trim() === wanted.trim()) fitting.push(tenant);
  }
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const said = `tenant.${field}: ${JSON.stringify(wanted)}`;
  if (only === undefined) throw rejected(`${said} fits no tenant below the API client's own`);
  const ids = fitting.slice(0, 5).map(({ id }) => id);
  throw rejected(`${said} fits ${fitting.length} tenants (${ids.join(', ')}…); name one by its id`);
}

function rejected(sentence: string) {
  return refuse(FailureType.Rejected, sentence);
}

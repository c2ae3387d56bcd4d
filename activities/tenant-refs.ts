import { findTenants, isHidden, type Acronis, type Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { TenantRef } from '../contract/orders.js';
import { refuse, reject } from './failures.js';

/**
 * Whether a deleted tenant fits when no living one does; never when undefined. Those who want a deleted one say `too`:
 * then a refusal mentions them.
 */
export type DeletedTenants = 'otherwise' | 'too' | undefined;

interface FindOptions {
  deleted?: DeletedTenants;
  /** The field of the order that names the tenant. */
  field?: string;
}

/**
 * Finds the one tenant below the root that an order names, and reads it by its id. Fails with `Acronis.Rejected` when
 * none or several fit, and with `Tenantry.Unexpected` when the list of tenants is old: it shows another name or contract
 * number, or a deleted tenant as existing.
 */
export async function findNamedTenant(acronis: Acronis, tenant: TenantRef, options: FindOptions = {}): Promise<Tenant> {
  return 'id' in tenant ? await byId(acronis, tenant.id, options) : await byText(acronis, tenant, options);
}

async function byId(acronis: Acronis, id: string, { deleted, field = 'tenant' }: FindOptions): Promise<Tenant> {
  try {
    return await acronis.tenants.get(id, { allowDeleted: deleted !== undefined });
  } catch (error) {
    if (!isHidden(error)) throw error;
    throw reject(`${field}.id: ${id} is not a tenant below the API client's own${orGone(deleted)}: ${error.message}`);
  }
}

/** A list may be older than the tenants in it. One that is old for a moment is right at the second look. */
const LOOKS = 2;

async function byText(
  acronis: Acronis,
  ref: Exclude<TenantRef, { id: string }>,
  { deleted, field = 'tenant' }: FindOptions,
): Promise<Tenant> {
  const [by, wanted] = 'name' in ref ? (['name', ref.name] as const) : (['customerId', ref.customerId] as const);
  const column = by === 'name' ? 'name' : 'customer_id';
  const said = `${field}.${by}: ${JSON.stringify(wanted)}`;
  for (let look = 1; ; look += 1) {
    const named = await findTenants(acronis, wanted, { by: [column], allowDeleted: deleted !== undefined });
    const rootId = await acronis.rootTenantId();
    // an order never means the root, which may have the same name
    const others = named.filter(({ id }) => id !== rootId);
    const row = onlyOne(preferLiving(others, deleted), { said, deleted });
    const tenant = await acronis.tenants.get(row.id, { allowDeleted: true });
    const why = whyListIsOld(row, tenant, column);
    if (why === undefined) return tenant;
    if (look === LOOKS)
      throw refuse(
        FailureType.Unexpected,
        `${said} fits ${row.id} in the cloud's list of tenants, but the list is old: ${why}. Retry in some minutes; or abort, and name the tenant by its id`,
      );
  }
}

function onlyOne(fitting: readonly Tenant[], { said, deleted }: { said: string; deleted: DeletedTenants }): Tenant {
  const [only] = fitting;
  if (only === undefined) throw reject(`${said} fits no tenant below the API client's own${orGone(deleted)}`);
  if (fitting.length === 1) return only;
  const ids = fitting
    .slice(0, 5)
    .map(({ id, deleted_at }) => (deleted_at === null ? id : `${id} deleted ${deleted_at}`));
  throw reject(`${said} fits ${fitting.length} tenants (${ids.join(', ')}…); name one by its id`);
}

/** How a tenant differs from its row in a list, where that decides which tenant an order means. */
function whyListIsOld(row: Tenant, now: Tenant, column: 'name' | 'customer_id'): string | undefined {
  const what = column === 'name' ? 'name' : 'contract number';
  if (now[column]?.trim() !== row[column]?.trim())
    return `by now this tenant has the ${what} ${JSON.stringify(now[column])}`;
  if ((now.deleted_at === null) === (row.deleted_at === null)) return undefined;
  return now.deleted_at === null ? 'by now this tenant is not deleted' : `it was deleted at ${now.deleted_at}`;
}

function orGone(deleted: DeletedTenants): string {
  return deleted === 'too' ? ', nor a deleted one that the cloud still shows' : '';
}

function preferLiving(fitting: Tenant[], deleted: DeletedTenants): Tenant[] {
  const living = fitting.filter(({ deleted_at }) => deleted_at === null);
  return deleted === undefined || living.length > 0 ? living : fitting;
}

/**
 * Fails with `Tenantry.SwitchedOff`, and says what to do, when a tenant or one above it, up to our own, is switched
 * off: then nobody can log in. `itself: false` when the caller switches the tenant on later.
 */
export async function checkSwitchedOn(
  acronis: Acronis,
  tenant: Tenant,
  which: { itself?: boolean } = {},
): Promise<void> {
  const off = await findSwitchedOff(acronis, tenant, which);
  if (off === undefined) return;
  const named = `tenant ${JSON.stringify(tenant.name)} (${tenant.id})`;
  throw switchedOff(off.id === tenant.id ? named : `${JSON.stringify(off.name)} (${off.id}) above ${named}`, off.id);
}

/** The first tenant that is switched off: this one, unless it does not count, or one above it. */
export async function findSwitchedOff(
  acronis: Acronis,
  tenant: Tenant,
  { itself = true }: { itself?: boolean } = {},
): Promise<Tenant | undefined> {
  if (itself && !tenant.enabled) return tenant;
  const rootId = await acronis.rootTenantId();
  for (let above = tenant.parent_id, below = tenant.id; above !== rootId && above !== below;) {
    const parent = await acronis.tenants.get(above);
    if (!parent.enabled) return parent;
    [above, below] = [parent.parent_id, above];
  }
  return undefined;
}

function switchedOff(named: string, id: string) {
  const remedy = `let it work again with "enableTenant" ({"tenant": {"id": "${id}"}}) or in the console, then retry`;
  return refuse(FailureType.SwitchedOff, `${named} is switched off: ${remedy}`);
}

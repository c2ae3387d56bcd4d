import { isAcronisError, type Acronis, type Tenant } from '../acronis/index.js';
import { TenantryError } from '../contract/errors.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_NAMED = 10;

type Found = Pick<Tenant, 'id' | 'name' | 'deleted_at'> & { kind: string };

/**
 * The one tenant at or below our root that has this id, or exactly this name or customer id; the root when none is given. Refused when none
 * fits, or several do. Fails with AcronisErrors. Safe to repeat.
 */
export async function findTenant(acronis: Acronis, wanted?: string): Promise<Tenant> {
  if (wanted === undefined) return acronis.tenants.get(await acronis.rootTenantId());
  return pickTenant(wanted.trim(), await findTenants(acronis, wanted));
}

/**
 * The tenants at or below our root that have this id, or exactly this name or customer id; deleted ones only with `allowDeleted`. A name costs
 * one listing of all tenants, because the cloud's own search can miss what is new. Fails with AcronisErrors. Safe to repeat.
 */
export async function findTenants(acronis: Acronis, wanted: string, { allowDeleted = false } = {}): Promise<Tenant[]> {
  const text = wanted.trim();
  const known = UUID.test(text) ? await findTenantById(acronis, text, { allowDeleted }) : undefined;
  if (known !== undefined) return [known];
  const fitting: Tenant[] = [];
  if (text !== '')
    for await (const tenant of acronis.tenants.list({ subtreeRootId: await acronis.rootTenantId() }, { allowDeleted }))
      if (tenant.name.trim() === text || tenant.customer_id?.trim() === text) fitting.push(tenant);
  return fitting;
}

/** The only one of those that fit, or the only one of them that lives. Refused when there is none, or more than one. */
export function pickTenant<T extends Found>(text: string, fitting: readonly T[]): T {
  const living = fitting.filter(({ deleted_at }) => deleted_at === null);
  const [only, ...others] = living.length > 0 ? living : fitting;
  if (only !== undefined && others.length === 0) return only;
  throw new TenantryError('refused', only === undefined ? nothingFits(text) : severalFit(text, fitting));
}

/** The tenant with this id; undefined when there is none that this client may see. Fails with AcronisErrors. Safe to repeat. */
export async function findTenantById(
  acronis: Acronis,
  id: string,
  { allowDeleted = false } = {},
): Promise<Tenant | undefined> {
  try {
    return await acronis.tenants.get(id.toLowerCase(), { allowDeleted });
  } catch (error) {
    // It may still be a customer id: some billing systems use ids of the same form.
    if (isAcronisError(error) && ['not-found', 'forbidden'].includes(error.kind)) return undefined;
    throw error;
  }
}

function nothingFits(text: string): string {
  return `No tenant that this client can see has the id, name or customer id ${JSON.stringify(text)}. Names must match exactly.`;
}

function severalFit(text: string, fitting: readonly Found[]): string {
  const named = fitting
    .slice(0, MOST_NAMED)
    .map(
      ({ id, kind, name, deleted_at }) =>
        `  ${id}  ${kind}  ${name}${deleted_at === null ? '' : `  deleted at ${deleted_at}`}`,
    );
  const more = fitting.length > MOST_NAMED ? [`  and ${fitting.length - MOST_NAMED} more`] : [];
  return [`${JSON.stringify(text)} fits ${fitting.length} tenants; give the id of one:`, ...named, ...more].join('\n');
}

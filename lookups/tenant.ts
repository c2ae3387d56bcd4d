import { findTenants as listTenantsCalled, isHidden, type Acronis, type Tenant } from '../acronis/index.js';
import { TenantryError } from '../contract/errors.js';
import { UUID } from '../contract/ids.js';

const MAX_LISTED = 10;

type TenantMatch = Pick<Tenant, 'id' | 'name' | 'deleted_at'> & { kind: string };

/**
 * The only tenant at or below our root with this id, or exactly this name or customer id; the root if nothing is given.
 * Refused if no tenant or several match. Fails with AcronisErrors. Safe to repeat.
 */
export async function findTenant(acronis: Acronis, wanted?: string): Promise<Tenant> {
  if (wanted === undefined) return acronis.tenants.get(await acronis.rootTenantId());
  return pickTenant(wanted.trim(), await findTenants(acronis, wanted));
}

/**
 * The tenants at or below our root with this id, or exactly this name or customer id; deleted ones only with
 * `allowDeleted`. A name requires a listing of all tenants, because the cloud's own search can miss new ones. Fails
 * with AcronisErrors. Safe to repeat.
 */
export async function findTenants(acronis: Acronis, wanted: string, { allowDeleted = false } = {}): Promise<Tenant[]> {
  const text = wanted.trim();
  const known = UUID.test(text) ? await findTenantById(acronis, text, { allowDeleted }) : undefined;
  if (known !== undefined) return [known];
  return text === '' ? [] : await listTenantsCalled(acronis, text, { by: ['name', 'customer_id'], allowDeleted });
}

/** The only match, or the only match that is not deleted. Refused if there is none, or more than one. */
export function pickTenant<T extends TenantMatch>(text: string, matches: readonly T[]): T {
  const existing = matches.filter(({ deleted_at }) => deleted_at === null);
  const [only, ...others] = existing.length > 0 ? existing : matches;
  if (only !== undefined && others.length === 0) return only;
  throw new TenantryError('refused', only === undefined ? noMatchMessage(text) : severalMatchesMessage(text, matches));
}

/** The tenant with this id; undefined if this client can see none. Fails with AcronisErrors. Safe to repeat. */
export async function findTenantById(
  acronis: Acronis,
  id: string,
  { allowDeleted = false } = {},
): Promise<Tenant | undefined> {
  try {
    return await acronis.tenants.get(id.toLowerCase(), { allowDeleted });
  } catch (error) {
    // it may still be a customer id: some billing systems use ids of the same form
    if (isHidden(error)) return undefined;
    throw error;
  }
}

function noMatchMessage(text: string): string {
  const wanted = `the id, name or customer id ${JSON.stringify(text)}`;
  return `No tenant that this client can see has ${wanted}. Names must match exactly.`;
}

function severalMatchesMessage(text: string, matches: readonly TenantMatch[]): string {
  const listed = matches
    .slice(0, MAX_LISTED)
    .map(
      ({ id, kind, name, deleted_at }) =>
        `  ${id}  ${kind}  ${name}${deleted_at === null ? '' : `  deleted at ${deleted_at}`}`,
    );
  const more = matches.length > MAX_LISTED ? [`  and ${matches.length - MAX_LISTED} more`] : [];
  return [`${JSON.stringify(text)} fits ${matches.length} tenants; give the id of one:`, ...listed, ...more].join('\n');
}

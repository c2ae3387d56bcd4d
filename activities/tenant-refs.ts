import { isAcronisError, type Acronis, type Tenant } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { TenantRef } from '../contract/orders.js';
import { refuse } from './failures.js';

/** Whether a deleted tenant fits: `otherwise` where no living one does, `too` as well as a living one. Undefined: never. */
export type DeletedFits = 'otherwise' | 'too' | undefined;

interface Meaning {
  deleted?: DeletedFits;
  /** The field of the order that names it. */
  field?: string;
}

/** The one tenant below the root that is meant. Fails with `Acronis.Rejected` when none or several fit. */
export async function tenantMeant(acronis: Acronis, tenant: TenantRef, meaning: Meaning = {}): Promise<Tenant> {
  return 'id' in tenant ? await byId(acronis, tenant.id, meaning) : await byText(acronis, tenant, meaning);
}

async function byId(acronis: Acronis, id: string, { deleted, field = 'tenant' }: Meaning): Promise<Tenant> {
  try {
    return await acronis.tenants.get(id, { allowDeleted: deleted !== undefined });
  } catch (error) {
    if (!isAcronisError(error) || !['not-found', 'forbidden'].includes(error.kind)) throw error;
    throw rejected(`${field}.id: ${id} is not a tenant below the API client's own${orGone(deleted)}: ${error.message}`);
  }
}

async function byText(
  acronis: Acronis,
  ref: Exclude<TenantRef, { id: string }>,
  { deleted, field = 'tenant' }: Meaning,
) {
  const [by, wanted] = 'name' in ref ? (['name', ref.name] as const) : (['customerId', ref.customerId] as const);
  const fitting = fittingBest(await named(acronis, by, wanted.trim(), deleted !== undefined), deleted);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const said = `${field}.${by}: ${JSON.stringify(wanted)}`;
  if (only === undefined) throw rejected(`${said} fits no tenant below the API client's own${orGone(deleted)}`);
  const ids = fitting
    .slice(0, 5)
    .map(({ id, deleted_at }) => (deleted_at === null ? id : `${id} deleted ${deleted_at}`));
  throw rejected(`${said} fits ${fitting.length} tenants (${ids.join(', ')}…); name one by its id`);
}

function orGone(deleted: DeletedFits): string {
  return deleted === 'too' ? ', nor a deleted one that the cloud still shows' : '';
}

async function named(
  acronis: Acronis,
  field: 'name' | 'customerId',
  wanted: string,
  allowDeleted: boolean,
): Promise<Tenant[]> {
  const rootId = await acronis.rootTenantId();
  const fitting: Tenant[] = [];
  for await (const tenant of acronis.tenants.list({ subtreeRootId: rootId }, { allowDeleted })) {
    const text = field === 'name' ? tenant.name : tenant.customer_id;
    if (tenant.id !== rootId && text?.trim() === wanted) fitting.push(tenant);
  }
  return fitting;
}

function fittingBest(fitting: Tenant[], deleted: DeletedFits): Tenant[] {
  const living = fitting.filter(({ deleted_at }) => deleted_at === null);
  if (deleted === 'too' || (deleted === 'otherwise' && living.length === 0)) return fitting;
  return living;
}

/** A refusal of an order as it stands. */
export function rejected(sentence: string) {
  return refuse(FailureType.Rejected, sentence);
}

import { isAcronisError, type Acronis, type Tenant, type User } from '../acronis/index.js';
import { undoingTag } from '../workflows/shared/mark.js';
import { isUntouched, type Likeness } from './user-likeness.js';

/** Of whom a run knows in a tenant: the users that it has made, or may have made; when they were invited by mail, one that is activated has got in. */
interface OwnUsers {
  logins: readonly string[];
  alike?: readonly Likeness[];
  invited?: boolean;
}

/** Says who else lives in a tenant, or nothing when only the run's own users do: what others use must never be removed by an undo. */
export async function moversIn(
  acronis: Acronis,
  tenantId: string,
  { logins, alike = [], invited = false }: OwnUsers,
): Promise<string | undefined> {
  const known = new Set(logins.map((login) => login.toLowerCase()));
  let strangers = 0;
  let guests = 0;
  for await (const user of acronis.users.list({ tenantId })) {
    if (!known.has(user.login.toLowerCase())) strangers += (await isOneOf(acronis, user, alike)) ? 0 : 1;
    else if (invited && user.activated) guests += 1;
  }
  if (guests > 0) return 'its user has followed the invitation and works in it';
  if (strangers > 0) return `${strangers} user(s) of somebody else live in it`;
  const children = await acronis.tenants.childIds(tenantId);
  if (children.length > 0) return `${children.length} tenant(s) have been made below it`;
  const used = (await acronis.usages.list(tenantId)).filter(({ absolute_value }) => absolute_value > 0);
  if (used.length > 0) return `it is in use: ${used.map(({ usage_name }) => usage_name).join(', ')}`;
  const agent = await anAgentIn(acronis, tenantId);
  return agent === undefined ? undefined : `an agent has been registered in it: ${agent}`;
}

async function isOneOf(acronis: Acronis, user: User, alike: readonly Likeness[]): Promise<boolean> {
  for (const likeness of alike) if (await isUntouched(acronis, user, likeness)) return true;
  return false;
}

/** Usage is counted every half hour, agents at once. An API client that may not see agents sees none. */
async function anAgentIn(acronis: Acronis, tenantId: string): Promise<string | undefined> {
  try {
    const tenantNumber = await acronis.tenants.numberOf(tenantId);
    for await (const { hostname, id } of acronis.agents.list({ tenantNumber })) return hostname ?? id;
  } catch (error) {
    if (!isAcronisError(error) || !['forbidden', 'not-found'].includes(error.kind)) throw error;
  }
  return undefined;
}

/**
 * Disables a tenant, as the vendor demands, and deletes it. Leaves a sign in its tag, so that a later run knows who disabled it if the deletion
 * fails. Safe to repeat: reads the version where it uses it, and a tenant that is gone is what was wanted.
 */
export async function disableAndRemove(acronis: Acronis, { id, parent_id }: Pick<Tenant, 'id' | 'parent_id'>) {
  try {
    let tenant = await acronis.tenants.get(id);
    if (tenant.enabled) {
      const internal_tag = undoingTag(tenant.internal_tag);
      tenant = await acronis.tenants.update(id, { version: tenant.version, enabled: false, internal_tag });
    }
    await acronis.tenants.remove(id, tenant.version);
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'not-found') throw error;
    if (!(await isGone(acronis, { id, parent_id }))) throw error;
  }
}

/** Whether a tenant that was not found is deleted. Believed only when its parent can be seen into, and lists it no more. */
export async function isGone(acronis: Acronis, { id, parent_id }: Pick<Tenant, 'id' | 'parent_id'>): Promise<boolean> {
  const parent = await acronis.tenants.get(parent_id);
  if (parent.ancestral_access === false && parent_id !== (await acronis.rootTenantId())) return false;
  for await (const listed of acronis.tenants.list({ parentId: parent_id }))
    if (listed.id.toLowerCase() === id.toLowerCase()) return false;
  return true;
}

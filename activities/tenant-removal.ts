import { isAcronisError, type Acronis, type Tenant } from '../acronis/index.js';

/** Says who else lives in a tenant, or nothing when only the given logins do: what others use must never be removed by an undo. */
export async function moversIn(
  acronis: Acronis,
  tenantId: string,
  logins: readonly string[],
): Promise<string | undefined> {
  const known = new Set(logins.map((login) => login.toLowerCase()));
  let strangers = 0;
  for await (const user of acronis.users.list({ tenantId })) if (!known.has(user.login.toLowerCase())) strangers += 1;
  if (strangers > 0) return `${strangers} user(s) of somebody else live in it`;
  const children = await acronis.tenants.childIds(tenantId);
  if (children.length > 0) return `${children.length} tenant(s) have been made below it`;
  const used = (await acronis.usages.list(tenantId)).filter(({ absolute_value }) => absolute_value > 0);
  return used.length > 0 ? `it is in use: ${used.map(({ usage_name }) => usage_name).join(', ')}` : undefined;
}

/**
 * Disables a tenant, as the vendor demands, and deletes it. Safe to repeat: reads the version where it uses it, and a tenant that
 * is gone is what was wanted. "Not found" is believed only when its parent lists it no more: out of sight is not deleted.
 */
export async function disableAndRemove(acronis: Acronis, { id, parent_id }: Tenant): Promise<void> {
  try {
    let tenant = await acronis.tenants.get(id);
    if (tenant.enabled) tenant = await acronis.tenants.update(id, { version: tenant.version, enabled: false });
    await acronis.tenants.remove(id, tenant.version);
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'not-found') throw error;
    for await (const listed of acronis.tenants.list({ parentId: parent_id })) if (listed.id === id) throw error;
  }
}

import { isAcronisError, type Acronis } from '../acronis/index.js';

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
 * is gone is what was wanted.
 */
export async function disableAndRemove(acronis: Acronis, tenantId: string): Promise<void> {
  try {
    let tenant = await acronis.tenants.get(tenantId);
    if (tenant.enabled) tenant = await acronis.tenants.update(tenantId, { version: tenant.version, enabled: false });
    await acronis.tenants.remove(tenantId, tenant.version);
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'not-found') throw error;
  }
}

import { isAcronisError, type Acronis, type Tenant } from '../acronis/index.js';
import { undoingTag } from '../workflows/shared/mark.js';

/**
 * Disables a tenant, as the vendor demands, and deletes it. Leaves a sign in its tag, so that a later run knows who disabled it if the deletion
 * fails. Safe to repeat: reads the version where it uses it, and a tenant that is gone is what was wanted.
 */
export async function disableAndRemove(acronis: Acronis, { id, parent_id }: Pick<Tenant, 'id' | 'parent_id'>) {
  try {
    let tenant = await acronis.tenants.get(id);
    if (tenant.enabled) {
      const internal_tag = undoingTag(tenant);
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

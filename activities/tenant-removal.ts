import { isAcronisError, type Acronis, type Tenant, type TenantChange } from '../acronis/index.js';
import { isUndoing, markIn, undoingTag } from '../contract/mark.js';

/** How a tenant is judged before it is removed. */
export interface Judging {
  /** Why it stays; undefined when it may go. Asked of the very version that is changed next. */
  whyItStays(tenant: Tenant): Promise<string | undefined>;
  /** Called before the first change. */
  begin?(): void;
}

/**
 * Switches a tenant off, as the vendor demands, judges it once more, and deletes it; answers why it stays, if it does. Each change is of the version
 * that was judged, so whatever anybody else changes in between is a `conflict`. Leaves a sign in its tag, so that a later try knows who has switched it
 * off; a tenant that stays is switched on again. Safe to repeat: a tenant that is gone is what was wanted.
 */
export async function removeUnlessUsed(
  acronis: Acronis,
  tenant: Tenant,
  { whyItStays, begin }: Judging,
): Promise<string | undefined> {
  const reason = await whyItStays(tenant);
  if (reason !== undefined) return await givenBack(acronis, tenant, reason);
  begin?.();
  try {
    const off = tenant.enabled ? await switchedOff(acronis, tenant) : tenant;
    // somebody may have come while it was still on
    const since = off === tenant ? undefined : await whyItStays(off);
    if (since !== undefined) return await givenBack(acronis, off, since);
    await acronis.tenants.remove(off.id, off.version);
  } catch (error) {
    if (!isAcronisError(error) || error.kind !== 'not-found' || !(await isGone(acronis, tenant))) throw error;
  }
  return undefined;
}

async function switchedOff(acronis: Acronis, { id, version, internal_tag }: Tenant): Promise<Tenant> {
  const tag = undoingTag({ internal_tag, version });
  return await acronis.tenants.update(id, { version, enabled: false, internal_tag: tag });
}

/** Switches on again what an undo of ours has switched off, while it is as that has left it; answers the reason, with how it stays. */
async function givenBack(acronis: Acronis, tenant: Tenant, reason: string): Promise<string> {
  const { id, version, enabled, internal_tag } = tenant;
  if (enabled) return reason;
  const off = `${reason}; it is switched off`;
  if (!isUndoing(tenant)) return off;
  try {
    await acronis.tenants.update(id, {
      version,
      enabled: true,
      internal_tag: markIn(internal_tag),
    } satisfies TenantChange);
    return reason;
  } catch (error) {
    if (!isAcronisError(error) || !['conflict', 'forbidden', 'rejected', 'not-found'].includes(error.kind)) throw error;
    return off;
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

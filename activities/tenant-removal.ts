import { isAcronisError, type Acronis, type Tenant, type TenantChange } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { isDisabledByUndo, markWithoutUndo, undoingTag } from '../contract/mark.js';
import { unlessGone } from './undo.js';

/** What decides whether a tenant may be removed. */
export interface RemovalChecks {
  /** Why the tenant stays; undefined when it may go. It gets the version that is changed next. */
  whyItStays(tenant: Tenant): Promise<string | undefined>;
  /** Called before the first change. */
  begin?(): void;
}

/**
 * Disables a tenant, as the vendor demands, checks it once more, and deletes it. Answers why the tenant stays, if it
 * does. Each change has the version that was checked, so a change by others in between is a `conflict`. A sign in the
 * tag shows later tries who disabled the tenant; a tenant that stays is enabled again. Safe to repeat: a tenant that is
 * gone counts as success.
 */
export async function removeUnlessUsed(
  acronis: Acronis,
  tenant: Tenant,
  { whyItStays, begin }: RemovalChecks,
): Promise<string | undefined> {
  const reason = await whyItStays(tenant);
  if (reason !== undefined) return await switchOnAgain(acronis, tenant, reason);
  begin?.();
  return await unlessDeleted(acronis, tenant, async () => {
    const off = tenant.enabled ? await switchOff(acronis, tenant) : tenant;
    // somebody may have moved in while it was still enabled
    const since = off === tenant ? undefined : await whyItStays(off);
    if (since !== undefined) return await switchOnAgain(acronis, off, since);
    await acronis.tenants.remove(off.id, off.version);
    return undefined;
  });
}

async function switchOff(acronis: Acronis, { id, version, internal_tag }: Tenant): Promise<Tenant> {
  const tag = undoingTag({ internal_tag, version });
  return await acronis.tenants.update(id, { version, enabled: false, internal_tag: tag });
}

/** Enables a tenant that an undo of ours has disabled and nobody has changed since. Answers why it stays. */
async function switchOnAgain(acronis: Acronis, tenant: Tenant, reason: string): Promise<string> {
  const { id, version, enabled, internal_tag } = tenant;
  if (enabled) return reason;
  const off = `${reason}; it is switched off`;
  if (!isDisabledByUndo(tenant)) return off;
  try {
    await acronis.tenants.update(id, {
      version,
      enabled: true,
      internal_tag: markWithoutUndo(internal_tag),
    } satisfies TenantChange);
    return reason;
  } catch (error) {
    if (!isAcronisError(error) || !['conflict', 'forbidden', 'rejected', 'not-found'].includes(error.kind)) throw error;
    return off;
  }
}

/** Acts on a tenant; undefined when it is deleted, which only its visible parent can show by not listing it. */
export async function unlessDeleted<T>(
  acronis: Acronis,
  { id, parent_id }: Pick<Tenant, 'id' | 'parent_id'>,
  act: () => Promise<T>,
): Promise<T | undefined> {
  return await unlessGone(act, async () => {
    const parent = await acronis.tenants.get(parent_id);
    if (parent.ancestral_access === false && parent_id !== (await acronis.rootTenantId())) return true;
    for await (const listed of acronis.tenants.list({ parentId: parent_id })) if (isSameId(listed.id, id)) return true;
    return false;
  });
}

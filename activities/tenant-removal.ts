import { isAcronisError, type Acronis, type Tenant, type TenantChange } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { isDisabledByUndo, markWithoutUndo, undoingTag } from '../contract/mark.js';
import type { Attempt } from './attempt.js';
import { announceDeletion, deleteAndSee, forgetDeletion, isTenantThere, whyNotDeletedAgain } from './seen-deletions.js';
import { unlessGone } from './undo.js';

/** What decides whether a tenant may be removed. */
export interface RemovalChecks {
  /** Why the tenant stays; undefined when it may go. It gets the version that is changed next. */
  whyItStays(tenant: Tenant): Promise<string | undefined>;
  /** Called before the first change. */
  begin?(): void;
}

/**
 * Disables a tenant, as the vendor demands, checks it once more, deletes it, and looks until it is gone. Answers why the
 * tenant stays, if it does. Each change has the version that was checked, so a change by others in between is a
 * `conflict`. A sign in the tag shows later tries who disabled the tenant; a tenant that stays is enabled again, unless
 * its deletion was tried. Safe to repeat: a tenant that is gone counts as success, and one that somebody may have
 * restored since stays.
 */
export async function removeUnlessUsed(
  attempt: Attempt,
  tenant: Tenant,
  { whyItStays, begin }: RemovalChecks,
): Promise<string | undefined> {
  const { acronis } = attempt;
  const reason = await whyItStays(tenant);
  const read = async () => await acronis.tenants.get(tenant.id);
  const doubt = await whyNotDeletedAgain(attempt, tenant, read);
  if (doubt !== undefined) return asItIs(tenant, reason ?? doubt);
  if (reason !== undefined) return await switchOnAgain(acronis, tenant, reason);
  begin?.();
  return await unlessDeleted(acronis, tenant, async () => {
    const off = tenant.enabled ? await switchOff(acronis, tenant) : tenant;
    await announceDeletion(attempt, off, read);
    // somebody may have moved in meanwhile
    const since = await whyItStays(off);
    if (since !== undefined) {
      forgetDeletion(attempt, off);
      return await switchOnAgain(acronis, off, since);
    }
    const stays = await deleteAndSee(attempt, off, {
      send: async () => await acronis.tenants.remove(off.id, off.version),
      isThere: async () => await isTenantThere(acronis, off.id),
    });
    return stays && asItIs(off, stays);
  });
}

async function switchOff(acronis: Acronis, { id, version, internal_tag }: Tenant): Promise<Tenant> {
  const tag = undoingTag({ internal_tag, version });
  return await acronis.tenants.update(id, { version, enabled: false, internal_tag: tag });
}

function asItIs({ enabled }: Tenant, reason: string): string {
  return enabled ? reason : `${reason}; it is switched off`;
}

/** Enables a tenant that an undo of ours has disabled and nobody has changed since. Answers why it stays. */
async function switchOnAgain(acronis: Acronis, tenant: Tenant, reason: string): Promise<string> {
  const { id, version, enabled, internal_tag } = tenant;
  const off = asItIs(tenant, reason);
  if (enabled || !isDisabledByUndo(tenant)) return off;
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

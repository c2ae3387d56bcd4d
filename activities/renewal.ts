import { isAcronisError, type Acronis, type Tenant, type TenantChange } from '../acronis/index.js';
import { hasSign, tagAgain } from '../contract/mark.js';

/** The kinds of errors by which the cloud says that this client may not change the tenant so. */
const finalNo = ['forbidden', 'rejected', 'quota', 'taken'];

/**
 * Brings a tenant to a new version with what it says already: then a change that was never answered, and may be on its way, comes too late. False
 * where that cannot be. Safe to repeat.
 */
export async function isRenewed(
  acronis: Acronis,
  { id, version, internal_tag }: Pick<Tenant, 'id' | 'version' | 'internal_tag'>,
  same: Omit<TenantChange, 'version'>,
): Promise<boolean> {
  // the sign of an undo counts in one version only, so the new version needs a new sign
  const sign = hasSign(internal_tag) ? { internal_tag: tagAgain({ internal_tag, version }, version + 1) } : {};
  try {
    return (await acronis.tenants.renew(id, { version, ...same, ...sign })).version > version;
  } catch (error) {
    if (isAcronisError(error) && finalNo.includes(error.kind)) return false;
    throw error;
  }
}

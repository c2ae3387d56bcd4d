import { isConsistent, isSameText, type Comparison } from './confirmation.js';
import type { NewTenant, Tenant, TenantChange } from './tenants.js';

/** Every field of a change but those of `hasFlags`. */
type TextField = Exclude<keyof TenantChange, 'version' | 'enabled' | 'ancestral_access' | 'update_lock'>;

const comparedInContact = ['email', 'firstname', 'lastname'] as const;

/** The fields that identify a tenant, and whether the answer has them as sent. */
export function compareIdentity(sent: NewTenant, tenant: Tenant): Comparison {
  return {
    name: isSameText(sent.name, tenant.name),
    parent_id: isSameText(sent.parent_id, tenant.parent_id),
    kind: isSameText(sent.kind, tenant.kind),
    internal_tag: isConsistent(sent.internal_tag, tenant.internal_tag),
    customer_id: isSameText(sent.customer_id, tenant.customer_id),
    deleted_at: tenant.deleted_at === null,
  };
}

/** Whether a tenant is enabled, locked and open as sent. */
export function hasFlags({ enabled, ancestral_access, update_lock }: Tenant, sent: Partial<TenantChange>): boolean {
  const isLocked = isConsistent(sent.update_lock?.enabled, update_lock?.enabled);
  return isLocked && isConsistent(sent.enabled, enabled) && isConsistent(sent.ancestral_access, ancestral_access);
}

/**
 * Whether an answer shows the name, parent, tag, language and contact that were sent. Phone numbers and addresses are
 * not compared: the cloud may write them in another way.
 */
export function showsTexts({ name, parent_id, internal_tag, language, contact }: Tenant, sent: TenantChange): boolean {
  const isShown: Record<TextField, boolean> = {
    name: isSameText(sent.name, name),
    parent_id: isSameText(sent.parent_id, parent_id),
    internal_tag: isSameText(sent.internal_tag, internal_tag),
    language: isSameText(toLanguage(sent.language), toLanguage(language)),
    contact: comparedInContact.every((field) => isSameText(sent.contact?.[field], contact?.[field])),
  };
  return Object.values(isShown).every(Boolean);
}

/** The cloud may show a language more or less exactly: `de-AT` or `de`. */
function toLanguage(tag: string | null | undefined): string | undefined {
  return tag?.split('-')[0];
}

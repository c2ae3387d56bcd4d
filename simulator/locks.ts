import type { Tenant } from './entities.js';
import { Refusal } from './errors.js';
import { flag, type Json } from './router.js';

/** A locked tenant is changed only by those who act for the tenant that owns the lock. */
export function checkLock({ update_lock }: Tenant, callerTenantId: string): void {
  if (update_lock.enabled && update_lock.owner_id !== callerTenantId) throw new Refusal(403, 1012, 'tenant is locked');
}

/** Locks or frees a tenant; the lock is the caller's unless another owner is named. */
export function setLock(tenant: Tenant, wanted: unknown, callerTenantId: string): void {
  if (typeof wanted !== 'object' || wanted === null) return;
  const { enabled, owner_id } = wanted as Json;
  const on = flag(enabled) ?? false;
  tenant.update_lock = { enabled: on, owner_id: on ? ((owner_id as string | undefined) ?? callerTenantId) : null };
}

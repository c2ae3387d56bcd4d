import type { Tenant } from './entities.js';
import { badRequest, Refusal } from './errors.js';
import type { World } from './world.js';

/** Names have 1 to 255 characters and are unique in the whole tree; case does not count. */
export function checkTenantName(world: World, name: string, except?: string): void {
  if (name.trim() === '' || name.length > 255) throw badRequest('name must have 1 to 255 characters');
  if (world.uniqueNames && world.isNameTaken(name, except))
    throw new Refusal(409, 1004, `tenant with name "${name}" already exists`, { name });
}

/** Refuses a login that is invalid, or that exists anywhere in the cloud. */
export function checkFreeLogin(world: World, login: string): void {
  if (!loginPattern.test(login)) throw badRequest('invalid login', 1033);
  if (world.isLoginTaken(login)) throw new Refusal(409, 409, `login "${login}" already exists`, { login });
}

export const loginPattern = /^[A-Za-z0-9.@_\-+:!#$%^*={}/?']+$/;

/** The business types that a call gives to a user. Throws 400 if there is another than `buyer`. */
export function businessTypes(given: unknown): string[] {
  const types = given ?? [];
  if (!Array.isArray(types) || types.some((type) => type !== 'buyer')) throw badRequest('unknown business_types');
  return types as string[];
}

/** Only callers of the tenant that owns the lock can change a locked tenant. */
export function checkLock({ update_lock }: Tenant, callerTenantId: string): void {
  if (update_lock.enabled && update_lock.owner_id !== callerTenantId) throw new Refusal(403, 1012, 'tenant is locked');
}

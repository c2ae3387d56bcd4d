import type { Tenant } from './entities.js';
import { badRequest, Refusal } from './errors.js';
import type { World } from './world.js';

/** Names are of 1 to 255 characters, and unique in the whole tree without regard to case. */
export function checkName(world: World, name: string, except?: string): void {
  if (name.trim() === '' || name.length > 255) throw badRequest('name must have 1 to 255 characters');
  if (world.uniqueNames && world.isNameTaken(name, except))
    throw new Refusal(409, 1004, `tenant with name "${name}" already exists`, { name });
}

/** Refuses a login that is none, or that anybody in the whole cloud has. */
export function checkFreeLogin(world: World, login: string): void {
  if (!loginForm.test(login)) throw badRequest('invalid login', 1033);
  if (world.isLoginTaken(login)) throw new Refusal(409, 409, `login "${login}" already exists`, { login });
}

export const loginForm = /^[A-Za-z0-9.@_\-+:!#$%^*={}/?']+$/;

/** A locked tenant is changed only by those who act for the tenant that owns the lock. */
export function checkLock({ update_lock }: Tenant, callerTenantId: string): void {
  if (update_lock.enabled && update_lock.owner_id !== callerTenantId) throw new Refusal(403, 1012, 'tenant is locked');
}

import { nameKey } from '../contract/names.js';
import type { Acronis } from './acronis.js';
import { isAcronisError, type AcronisError } from './errors.js';
import type { Tenant } from './tenants.js';

/** True when the cloud says that there is no such thing. */
export function isNotFound(error: unknown): error is AcronisError {
  return isAcronisError(error) && error.kind === 'not-found';
}

/** True when the cloud does not show a thing: there is none, or this client may not see it. */
export function isHidden(error: unknown): error is AcronisError {
  return isNotFound(error) || (isAcronisError(error) && error.kind === 'forbidden');
}

/** What is read; undefined when the cloud says that there is no such thing. */
export async function unlessNotFound<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * The tenants at or below the root that have this text as name or customer id, however Unicode spells it; deleted ones
 * only with `allowDeleted`. Lists all tenants, because the cloud's own search can miss new ones. Fails with AcronisErrors. Safe
 * to repeat.
 */
export async function findTenants(
  acronis: Acronis,
  text: string,
  { by, allowDeleted }: { by: readonly ('name' | 'customer_id')[]; allowDeleted: boolean },
): Promise<Tenant[]> {
  const wanted = nameKey(text);
  const found: Tenant[] = [];
  for await (const tenant of acronis.tenants.list({ subtreeRootId: await acronis.rootTenantId() }, { allowDeleted }))
    if (by.some((field) => nameKey(tenant[field] ?? '') === wanted)) found.push(tenant);
  return found;
}

/** Every item of a listing. */
export async function collect<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listing) items.push(item);
  return items;
}

/** The first item of a listing; undefined when there is none. */
export async function firstOf<T>(listing: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of listing) return item;
  return undefined;
}

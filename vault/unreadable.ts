import { TenantryError } from '../contract/errors.js';

/** Something is encrypted and its key is not there, or another one than then. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** What to say where something can only be read with keys that are not here; undefined for any other error. */
export function unreadable(what: string, error: unknown): TenantryError | undefined {
  if (!(error instanceof Unreadable)) return undefined;
  return new TenantryError('refused', cannotBeRead(what, error.message));
}

/** Says so, and what to do about it. */
export function cannotBeRead(what: string, why: string): string {
  return `${what} cannot be read here: ${why}. Give the keys that the workers have.`;
}

import { TenantryError } from '../contract/errors.js';

/** Something is encrypted and its key is not there, or another one than then. */
export class DecryptionError extends Error {
  override readonly name = 'Unreadable';
}

/** What to say where something can only be read with keys that are not here; undefined for any other error. */
export function toReadableError(what: string, error: unknown): TenantryError | undefined {
  if (!(error instanceof DecryptionError)) return undefined;
  return new TenantryError('refused', cannotDecryptMessage(what, error.message));
}

/** Says so, and what to do about it. */
export function cannotDecryptMessage(what: string, why: string): string {
  return `${what} cannot be read here: ${why}. Give the keys that the workers have.`;
}

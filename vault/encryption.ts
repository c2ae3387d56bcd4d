import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { TenantryError } from '../contract/errors.js';
import type { Key } from './keys.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Something is encrypted with a key that is not here, or whose content has changed. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/** Its key is here, but it is not what was encrypted with that key. */
export class DamageError extends DecryptionError {}

/**
 * Encrypts with AES-256-GCM and a fresh nonce; returns nonce, ciphertext and tag. `context` is not hidden, but
 * decryption fails with another context.
 */
export function encrypt({ bytes }: Key, plain: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, bytes, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Reverses `encrypt`. Throws when key, content or context differ. */
export function decrypt({ bytes }: Key, encrypted: Uint8Array, context: string): Buffer {
  const all = Buffer.from(encrypted);
  const tag = all.subarray(-TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, bytes, all.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
  return Buffer.concat([decipher.update(all.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** The error for a person who lacks the keys; undefined for an error that is not a DecryptionError. */
export function explainDecryptionError(what: string, error: unknown): TenantryError | undefined {
  if (!(error instanceof DecryptionError)) return undefined;
  return new TenantryError('refused', decryptionMessage(what, error.message));
}

/** Says that something cannot be decrypted, why, and what to do. */
export function decryptionMessage(what: string, why: string): string {
  return `${what} cannot be read here: ${why}. Use the same keys as the workers.`;
}

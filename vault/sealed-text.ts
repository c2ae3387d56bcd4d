import { DecryptionError, decrypt, encrypt } from './encryption.js';
import type { KeyRing } from './keys.js';

const SEALED = 'tenantry-sealed';

/**
 * A text as it may be kept in a file: encrypted where there are keys, and as it is where histories are not encrypted
 * either. `context` is not hidden, but opens nothing else.
 */
export function sealText(keys: KeyRing | undefined, text: string, context: string): string {
  if (keys === undefined) return text;
  return `${SEALED}:${keys.current.id}:${encrypt(keys.current, Buffer.from(text), context).toString('base64')}`;
}

/** Reverses `sealText`; a text that is not sealed is given as it is. Fails without the key, and on what was changed. */
export function openText(keys: KeyRing | undefined, text: string, context: string): string {
  const [head, id = '', content = ''] = text.startsWith(`${SEALED}:`) ? text.split(':', 3) : [];
  if (head === undefined) return text;
  const key = keys?.find(id);
  if (key === undefined) throw new DecryptionError(`the key ${id} is not in TENANTRY_CODEC_KEYS`);
  try {
    return decrypt(key, Buffer.from(content, 'base64'), context).toString();
  } catch {
    throw new DecryptionError(`it was changed after it was encrypted with the key ${id}`);
  }
}

import { z } from 'zod';
import { digest } from './input.js';

/** A name in the secret store; what is kept of an older value is called `<name>.previous`. */
export const storedName = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,89}$/, 'may hold letters, digits and . _ - only, and begins with no sign');

/** The name under which something of this key is kept unless the order gives one; different keys give different names. */
export function storeName(kind: string, key: string): string {
  return `${kind}-${key.replaceAll(/[^A-Za-z0-9_.-]/g, '-').slice(0, 50)}-${digest(key).slice(0, 8)}`;
}

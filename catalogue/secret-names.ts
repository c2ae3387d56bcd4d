import { z } from 'zod';
import { digest } from './input.js';

/** A name in the secret store. The previous value is stored as `<name>.previous`. */
export const secretName = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,89}$/, 'may hold letters, digits and . _ - only, and begins with no sign');

/** The default name of a secret; different keys give different names. */
export function defaultSecretName(kind: string, key: string): string {
  return `${kind}-${key.replaceAll(/[^A-Za-z0-9_.-]/g, '-').slice(0, 50)}-${digest(key).slice(0, 8)}`;
}

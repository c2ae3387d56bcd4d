import { z } from 'zod';
import { TenantryError } from '../contract/errors.js';
import { about, type SettingDoc } from './reader.js';

/** A variable that holds a port and need not be set. */
export function optionalPort(facts: SettingDoc) {
  return z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be a port, 0 to 65535 (0: a free one)')
    .transform(Number)
    .optional()
    .register(about, facts);
}

/** A server that cannot listen: in the same words for all of them. */
export function cannotListen(what: string, port: number, error: unknown): TenantryError {
  const { code, message } = error as NodeJS.ErrnoException;
  const problem =
    code === 'EADDRINUSE' ? `Port ${port} is in use.` : `${what} cannot listen on port ${port}: ${message}.`;
  return new TenantryError('unavailable', `${problem} Give another --port, or 0 for a free one.`);
}

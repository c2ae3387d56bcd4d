import { z } from 'zod';
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

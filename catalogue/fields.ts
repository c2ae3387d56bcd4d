import { z } from 'zod';
import { AMOUNT_FORM, AMOUNT_PATTERN } from '../contract/amounts.js';
import { durationMs } from '../contract/durations.js';
import { digest, duration, tenantId, text } from './input.js';

/** The storage or site of a customer's data, if several are offered: one for all kinds, or one per kind. */
export const infraFields = () => ({
  infraId: tenantId().optional().describe('Which storage or site, if several of one kind are offered'),
  infra: z
    .record(text(), tenantId())
    .optional()
    .describe('Which storage or site of each kind, such as {"backup": "<uuid>", "dr": "<uuid>"}'),
});

/** An amount: a size, compute points or a time with its unit, or a whole number. */
export const amount = () =>
  z.union([z.int().nonnegative(), z.string().max(50).regex(AMOUNT_PATTERN, AMOUNT_FORM)], AMOUNT_FORM);

/** Limits of items, by name. */
export const quotas = () =>
  z.record(text(), z.strictObject({ limit: amount(), overage: amount().optional() })).default({});

/** A name in the secret store. The previous value is stored as `<name>.previous`. */
export const secretName = () =>
  z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9_.-]{0,89}$/,
      'may hold letters, digits and . _ - only, and must begin with a letter or digit',
    );

/** The default name of a secret; different keys give different names. */
export function defaultSecretName(kind: string, key: string): string {
  return `${kind}-${key.replaceAll(/[^A-Za-z0-9_.-]/g, '-').slice(0, 50)}-${digest(key).slice(0, 8)}`;
}

const YEAR_S = 365 * 24 * 60 * 60;

/** How long a token for agents is valid: a year at most. */
export const tokenLife = () => duration().refine((words) => toSeconds(words) <= YEAR_S, 'must be a year at most');

/** Whole seconds of a duration in words. */
export function toSeconds(words: string): number {
  return Math.floor(durationMs(words) / 1000);
}

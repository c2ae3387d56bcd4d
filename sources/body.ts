import type { z } from 'zod';
import { plainWords } from '../catalogue/wording.js';
import type { InputProblem } from '../contract/errors.js';
import { UnreadableDelivery } from './kind.js';

/** Parses the raw bytes as JSON in UTF-8. Throws `UnreadableDelivery`. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new UnreadableDelivery('notJson', `The body is no JSON in UTF-8: ${(error as Error).message}`);
  }
}

/** A field that a sender may leave out or send as null. */
export function optional<T>(schema: z.ZodType<T>) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** Parses an envelope that every delivery of a sender has. Throws `UnreadableDelivery`. */
export function readEnvelope<T>(schema: z.ZodType<T>, value: unknown, sender: string): T {
  const parsed = parse(schema, value);
  if ('value' in parsed) return parsed.value;
  const problem = parsed.problems[0]!;
  const { path, message } = problem;
  throw new UnreadableDelivery('wrongShape', `This is no event of ${sender}: ${path} ${message}`, problem);
}

/** Parses a value, or names every problem with its path. A missing field is called missing. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): { value: T } | { problems: InputProblem[] } {
  const parsed = schema.safeParse(value, { error: plainWords });
  if (parsed.success) return { value: parsed.data };
  return { problems: parsed.error.issues.map((issue) => problemOf(issue, value)) };
}

/** One problem, with its path. */
export function problemOf({ path, message }: z.core.$ZodIssue, value: unknown): InputProblem {
  const given = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], value);
  return { path: path.map(String).join('.') || 'body', message: given === undefined ? 'is missing' : message };
}

/** The text or number at a path such as `metadata.tenantry_customer`, as text; undefined for anything else. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = path
    .split('.')
    .reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
  const text = typeof found === 'number' ? String(found) : found;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

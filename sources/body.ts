import type { z } from 'zod';
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

/** Parses an envelope that every delivery of a sender has. Throws `UnreadableDelivery`. */
export function readEnvelope<T>(schema: z.ZodType<T>, value: unknown, sender: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = problemsOf(parsed.error, value)[0]!;
  throw new UnreadableDelivery('wrongShape', `This is no event of ${sender}: ${path} ${message}`);
}

/** The problems of a value: path and message. A missing field is called missing. */
export function problemsOf(error: z.ZodError, value: unknown): InputProblem[] {
  return error.issues.map((issue) => {
    const given = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], value);
    const message = given === undefined ? 'is missing' : issue.message.replace(/^Invalid input: /, '');
    return { path: issue.path.map(String).join('.') || 'body', message };
  });
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

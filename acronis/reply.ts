import { parse } from 'lossless-json';
import type { z } from 'zod';
import { AcronisError, type AcronisErrorFacts } from './errors.js';
import type { WireReply } from './wire.js';

/**
 * Reads a successful answer against the shape that this product needs; unknown fields are dropped.
 * Fails with `unreadable`, naming the fields at fault but never their content.
 */
export function readReply<Shape extends z.ZodType>(
  shape: Shape,
  call: { operation: string; route: string; exact?: boolean },
  reply: WireReply,
): z.output<Shape> {
  let json: unknown;
  try {
    json = call.exact ? parseExactly(reply.text) : JSON.parse(reply.text);
  } catch {
    throw unreadable(call, reply, reply.text === '' ? 'the answer is empty' : 'the answer is not JSON');
  }
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 3).map(({ path, code }) => `${path.join('.') || 'answer'} (${code})`);
  throw unreadable(call, reply, `fields missing or not as documented: ${faults.join(', ')}`);
}

/** Reads JSON; whole numbers that JavaScript would round become bigints. Throws a SyntaxError, as JSON.parse does. */
export function parseExactly(text: string): unknown {
  return parse(text, undefined, {
    parseNumber: (digits) => (isRounded(digits) ? BigInt(digits) : Number(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

function isRounded(digits: string): boolean {
  return /^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits));
}

/** Whether a text is JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The error for an answer that makes no sense. */
export function unreadable(call: { operation: string; route: string }, reply: WireReply, reason: string): AcronisError {
  const facts: AcronisErrorFacts = { route: call.route, status: reply.status, reason };
  if (reply.requestId !== undefined) facts.requestId = reply.requestId;
  return new AcronisError('unreadable', call.operation, facts);
}

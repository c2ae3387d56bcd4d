import { parse } from 'lossless-json';
import { z } from 'zod';
import { AcronisError, type AcronisErrorFacts } from './errors.js';
import { warningList } from './shapes.js';
import type { HttpResponse } from './transport.js';

interface ReadCall {
  operation: string;
  route: string;
  exactNumbers?: boolean;
}

/**
 * Reads a successful answer into the shape that this product needs; unknown fields are dropped. Fails with
 * `unreadable`. The message names the wrong fields but never their content.
 */
export function readResponse<Shape extends z.ZodType>(
  shape: Shape,
  call: ReadCall,
  response: HttpResponse,
): z.output<Shape> {
  let json: unknown;
  try {
    json = call.exactNumbers ? parseExactly(response.text) : JSON.parse(response.text);
  } catch {
    throw unreadableError(call, response, response.text === '' ? 'the answer is empty' : 'the answer is not JSON');
  }
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 3).map(({ path, code }) => `${path.join('.') || 'answer'} (${code})`);
  throw unreadableError(call, response, `fields missing or not as documented: ${faults.join(', ')}`);
}

/** Codes of the vendor's warnings about a change to plans; none if the answer is empty. */
export function readWarnings(call: ReadCall, response: HttpResponse): string[] {
  return response.text === '' ? [] : readResponse(z.object({ issues: warningList }), call, response).issues;
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

/** The error for an answer that cannot be understood. */
export function unreadableError(call: ReadCall, response: HttpResponse, reason: string): AcronisError {
  const facts: AcronisErrorFacts = { route: call.route, status: response.status, reason };
  if (response.requestId !== undefined) facts.requestId = response.requestId;
  return new AcronisError('unreadable', call.operation, facts);
}

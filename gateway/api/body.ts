import { REPEATED_KEY, repeatedKeys, whereInvalid } from '../../contract/json.js';
import { decodeText } from '../../contract/text-files.js';
import { Problem } from './problem.js';

/** No input has more; a converter of Temporal fails at thousands. */
const DEEPEST = 50;
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[[{]|[\]}]/gs;

/** Reads a body of JSON. A key that an object has twice is a mistake: only the last one would count. */
export function readBody(bytes: Buffer): unknown {
  const text = textOf(bytes);
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Problem(
      400,
      'Unreadable',
      `The body is not valid JSON: ${whereInvalid(text) ?? (error as Error).message}.`,
    );
  }
  if (depthOf(text) > DEEPEST)
    throw new Problem(422, 'InvalidInput', `The body has objects or lists in each other, deeper than ${DEEPEST}.`);
  const repeated = repeatedKeys(text).map((path) => ({ path, message: REPEATED_KEY }));
  if (repeated.length > 0) throw new Problem(422, 'InvalidInput', 'The body names a field twice.', repeated);
  return value;
}

function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '[' || token === '{') depth += 1;
    if (token === ']' || token === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function textOf(bytes: Buffer): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new Problem(400, 'Unreadable', `The body cannot be read: ${(error as Error).message}.`);
  }
}

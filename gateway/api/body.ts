import { REPEATED_KEY, repeatedKeys, whereInvalid } from '../../contract/json.js';
import { decodeText } from '../../contract/text-files.js';
import { Problem } from './problem.js';

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
  const repeated = repeatedKeys(text).map((path) => ({ path, message: REPEATED_KEY }));
  if (repeated.length > 0) throw new Problem(422, 'InvalidInput', 'The body names a field twice.', repeated);
  return value;
}

function textOf(bytes: Buffer): string {
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new Problem(400, 'Unreadable', `The body cannot be read: ${(error as Error).message}.`);
  }
}

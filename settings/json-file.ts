import type { InputProblem } from '../contract/errors.js';
import { REPEATED_KEY, repeatedKeys, whereInvalid } from '../contract/json.js';

/**
 * The value of a file of JSON that a person writes, or why it cannot be used. A key that an object has twice is a
 * problem: only the last one would count. `name` is what the file as a whole is called in problems.
 */
export function readJsonFile(text: string, name: string): { value: unknown } | { problems: InputProblem[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = `is not valid JSON: ${whereInvalid(text) ?? (error as Error).message}`;
    return { problems: [{ path: name, message }] };
  }
  const repeated = repeatedKeys(text);
  if (repeated.length === 0) return { value };
  return { problems: repeated.map((path) => ({ path, message: REPEATED_KEY })) };
}

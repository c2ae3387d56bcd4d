import type { InputProblem } from '../contract/errors.js';
import { REPEATED_KEY, repeatedKeys, whereInvalid } from '../contract/json.js';

/** What a file says, or every problem with its path. */
export type FileReading<T> = T | { problems: InputProblem[] };

/**
 * Reads a file of JSON that a person writes. A key that an object has twice is a problem: only the last one would count.
 * `name` is what the file as a whole is called in problems.
 */
export async function readJsonFile<T extends object>(
  text: string,
  name: string,
  read: (value: unknown) => FileReading<T> | Promise<FileReading<T>>,
): Promise<FileReading<T>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = `is not valid JSON: ${whereInvalid(text) ?? (error as Error).message}`;
    return { problems: [{ path: name, message }] };
  }
  const repeated = repeatedKeys(text).map((path) => ({ path, message: REPEATED_KEY }));
  const reading = await read(value);
  if (repeated.length === 0) return reading;
  return { problems: [...repeated, ...('problems' in reading ? reading.problems : [])] };
}

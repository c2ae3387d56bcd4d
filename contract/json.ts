import { JSONParser } from '@streamparser/json';
import { parse as parseStrictly } from 'lossless-json';

/** Parses JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Line, column and problem of the first mistake in a text that is no JSON; Node's own words name no place, and quote the
 * whole text. Undefined where the place is not known.
 */
export function whereInvalid(text: string): string | undefined {
  try {
    parseStrictly(text);
    return undefined;
  } catch (error) {
    const [, problem, position] = /^(.*) at position (\d+)$/s.exec((error as Error).message) ?? [];
    if (problem === undefined) return undefined;
    const before = text.slice(0, Number(position)).split('\n');
    const place = `line ${before.length}, column ${before.at(-1)!.length + 1}`;
    return `${place}: ${problem.replaceAll('\n', String.raw`\n`)}`;
  }
}

export const REPEATED_KEY = 'is there twice, and only the last one would count: remove one';

/** The paths of the keys that one object of a JSON text has more than once. JSON.parse silently takes the last of them. */
export function repeatedKeys(text: string): string[] {
  const keysOf = new Map<object, Set<string>>();
  const repeated = new Set<string>();
  const parser = new JSONParser({ keepStack: true });
  parser.onValue = ({ key, parent, stack }) => {
    if (typeof key !== 'string' || typeof parent !== 'object') return;
    const keys = keysOf.get(parent) ?? new Set();
    keysOf.set(parent, keys);
    if (keys.has(key)) repeated.add([...stack.slice(1).map((one) => one.key), key].join('.'));
    keys.add(key);
  };
  parser.write(text);
  return [...repeated];
}

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
 * Line, column, problem and remedy of the first mistake in a text that is no JSON; Node's own words name no place, and quote the
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
    return `${place}: ${problem.replaceAll('\n', String.raw`\n`)}; ${hintFor(text, Number(position), problem)}`;
  }
}

/** What people write for JSON that is none, by the text from the mistake on, and what to do about it. */
const hints: readonly [rest: RegExp, hint: string][] = [
  [/^$/, 'it ends too early: a quote or a bracket is missing'],
  [/^(\/\/|\/\*|#)/, 'JSON has no comments: remove it'],
  [/^['\u2018\u2019\u201c\u201d]/, 'JSON wants straight double quotes: "…"'],
  [/^[A-Za-z_$][\w$]*\s*:/, 'JSON wants double quotes around names: "name": …'],
  [/^(None|True|False|undefined|NaN|Infinity)\b/, 'JSON has null, true and false, and no other words'],
  [/^([+.]|x[0-9a-f])/i, 'JSON writes numbers like 16 or 0.5'],
  [/^[\r\n\t]/, String.raw`write a line break in a text as \n, and a tab as \t`],
  [/^"/, 'a comma is missing before it'],
];

/** `at` is where the mistake is. */
function hintFor(text: string, at: number, problem: string): string {
  const [before, rest] = [text.slice(0, at), text.slice(at)];
  if (text.trim() === '') return 'nothing is in it';
  if (/^\s*(---|[\w-]+:\s|-\s)/.test(text)) return 'this looks like YAML: write it as JSON';
  if (/^[\]}]/.test(rest) && /,\s*$/.test(before)) return 'remove the comma before it';
  if (problem.startsWith('Colon')) return 'write a colon between name and value';
  if (problem.startsWith('Expected end of input') && /^[[{]/.test(rest)) return 'give one object, not several';
  const [, hint = 'JSON looks like {"name": "value"}'] = hints.find(([pattern]) => pattern.test(rest)) ?? [];
  return hint;
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

import { randomUUID } from 'node:crypto';

/** Marks digits while they pass through JSON as text. Nobody outside can know it. */
const MARK = `integer:${randomUUID()}:`;
const MARKED_TEXT = new RegExp(`"${MARK}(-?\\d+)"`, 'g');
/** Every string and number of a JSON text. Strings are matched so that the digits in them are left alone. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Reads JSON; whole numbers that JavaScript would round become bigints. Throws as JSON.parse does. */
export function parseExactly(text: string): unknown {
  const marked = text.replaceAll(TOKENS, (token) => (isRounded(token) ? `"${MARK}${token}"` : token));
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}

/** Writes JSON; bigints become whole numbers, digit for digit. */
export function stringifyExactly(value: unknown): string {
  const text = JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${MARK}${each}` : each));
  return text.replaceAll(MARKED_TEXT, '$1');
}

function isRounded(token: string): boolean {
  return /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token));
}

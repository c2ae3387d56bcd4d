/** Marks a number that is too long to be one in JavaScript while it passes through `JSON`. */
const MARK = '\u0001';
const longNumbers = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** Reads JSON; whole numbers of 16 digits or more become `bigint`, so that they are given back as they came. */
export function readJson(text: string): unknown {
  const marked = text.replace(longNumbers, (part) => (part.startsWith('"') ? part : JSON.stringify(`${MARK}${part}`)));
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}

/** Writes JSON on one line, with each `bigint` as a plain number. */
export function writeJson(value: unknown): string {
  const marked = JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? `${MARK}${one}` : one));
  return marked.replace(/"\\u0001(-?\d+)"/g, '$1');
}

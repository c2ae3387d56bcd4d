import { parse, stringify } from 'lossless-json';

/** Whole numbers as long as these may not fit a JavaScript number. */
const LONG_INTEGER = /^-?\d{16,}$/;

/** Reads JSON; whole numbers of 16 digits or more become `bigint`, so that they are given back as they came. Throws a SyntaxError. */
export function readJson(text: string): unknown {
  return parse(text, undefined, {
    parseNumber: (digits) => (LONG_INTEGER.test(digits) ? BigInt(digits) : Number(digits)),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

/** Writes JSON on one line, with each `bigint` as a plain number. */
export function writeJson(value: unknown): string {
  return stringify(value) ?? '';
}

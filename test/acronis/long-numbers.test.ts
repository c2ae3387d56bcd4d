import { describe, expect, test } from '@jest/globals';
import { stringify } from 'lossless-json';
import { parseExactly } from '../../acronis/response.js';

test.each([
  ['9223372036854775807', 9_223_372_036_854_775_807n],
  ['-9223372036854775808', -9_223_372_036_854_775_808n],
  ['9007199254740993', 9_007_199_254_740_993n],
])('keeps every digit of %s when it is read and written', (text, value) => {
  expect(parseExactly(`{"size":${text},"list":[1, ${text}]}`)).toEqual({ size: value, list: [1, value] });
  expect(stringify({ size: value, list: [1, value] })).toBe(`{"size":${text},"list":[1,${text}]}`);
});

test.each([
  ['numbers that need no help', '{"a":9007199254740991,"b":-1,"c":0}'],
  ['fractions and powers, however long', '{"a":0.12345678901234568,"b":12345678901234567e3,"c":1e+300}'],
  ['digits in text', '{"a":"9223372036854775807","9223372036854775807":", 9223372036854775807,"}'],
  ['text with quotes and slashes in it', '{"a":"x\\\\\\": 9223372036854775807","b":"\\\\"}'],
])('leaves %s alone', (_what, text) => {
  expect(parseExactly(text)).toEqual(JSON.parse(text));
});

test('fails as JSON does', () => {
  expect(() => parseExactly('{"a":')).toThrow(SyntaxError);
});

test('takes the last of two equal keys, and a key called __proto__ as any other, as JSON does', () => {
  const parsed = parseExactly('{"a":1,"a":{"b":2},"__proto__":{"c":3}}') as object;

  expect(Object.entries(parsed)).toEqual([
    ['a', { b: 2 }],
    ['__proto__', { c: 3 }],
  ]);
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
});

/** Stands for a text and counts how many of its characters are read. */
function countingReads(text: string): { text: string; reads: () => number } {
  let reads = 0;
  const take = <T extends string | number>(read: T, count = 1) => ((reads += count), read);
  const methods: Record<string, unknown> = {
    length: text.length,
    charCodeAt: (at: number) => take(text.charCodeAt(at)),
    slice: (from: number, to: number) => take(text.slice(from, to), to - from),
  };
  const get = (_target: object, name: string) => methods[name] ?? take(text[Number(name)]!);
  return { text: new Proxy({}, { get }) as string, reads: () => reads };
}

describe.each([
  ['letters', 'a'],
  ['escaped quotes', '\\"'],
  ['backslashes', '\\\\'],
])('an unterminated text of %s', (_what, part) => {
  test('costs no more reads than ten for each character', () => {
    const { text, reads } = countingReads(`{"a":"${part.repeat(80_000)}`);

    expect(() => parseExactly(text)).toThrow(SyntaxError);
    expect(reads()).toBeLessThan(10 * text.length);
  });

  test('is refused also when it has two million characters', () => {
    expect(() => parseExactly(`{"a":"${part.repeat(2_000_000 / part.length)}`)).toThrow(SyntaxError);
  });
});

test('leaves what is undefined out, as JSON does', () => {
  expect(stringify({ a: undefined, b: [1n] })).toBe('{"b":[1]}');
});

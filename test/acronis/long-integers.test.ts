import { expect, test } from '@jest/globals';
import { parseExactly, stringifyExactly } from '../../acronis/long-integers.js';

test.each([
  ['9223372036854775807', 9_223_372_036_854_775_807n],
  ['-9223372036854775808', -9_223_372_036_854_775_808n],
  ['9007199254740993', 9_007_199_254_740_993n],
])('keeps %s digit for digit, there and back', (text, value) => {
  expect(parseExactly(`{"size":${text},"list":[1, ${text}]}`)).toEqual({ size: value, list: [1, value] });
  expect(stringifyExactly({ size: value, list: [1, value] })).toBe(`{"size":${text},"list":[1,${text}]}`);
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

test('leaves what is undefined out, as JSON does', () => {
  expect(stringifyExactly({ a: undefined, b: [1n] })).toBe('{"b":[1]}');
});

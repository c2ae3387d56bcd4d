import { describe, expect, test } from '@jest/globals';
import { repeatedKeys, whereInvalid } from '../../contract/json.js';
import { didYouMean } from '../../contract/misspellings.js';

describe('the keys that an object has twice', () => {
  test.each([
    ['none', '{"a": {"b": 1}, "b": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}', []],
    ['with other values', '{"a": 1, "b": 2, "a": 3}', ['a']],
    ['with the same value', '{"a": 1, "a": 1}', ['a']],
    ['three times, named once', '{"a": 1, "a": 2, "a": 3}', ['a']],
    ['below others, in a list', '{"a": {"b": [{}, {"c": 1, "c": {}}]}}', ['a.b.1.c']],
    ['in both of two', '{"a": {"b": 1, "b": 2}, "a": {"b": 1}}', ['a.b', 'a']],
    ['written in another way', String.raw`{"a": 1, "\u0061": 2}`, ['a']],
    ['of the prototype', '{"__proto__": 1, "__proto__": 2}', ['__proto__']],
    ['no object', '[1, 1]', []],
  ])('%s', (_what, text, paths) => {
    expect(repeatedKeys(text)).toEqual(paths);
  });
});

test('a mistake in JSON is found by line and column', () => {
  expect(whereInvalid('{"a": 1,\n "b" 2}')).toMatch(/^line 2, column 6: /);
  expect(whereInvalid('{}')).toBeUndefined();
});

test.each([
  ['stirpe', '; did you mean stripe?'],
  ['shopify', ''],
  ['stripe', ''],
  ['x', ''],
])('%s: %j', (name, hint) => {
  expect(didYouMean(name, ['stripe', 'a', 'whmcs'])).toBe(hint);
});

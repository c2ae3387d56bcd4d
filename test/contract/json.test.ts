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
  ['', 'nothing is in it'],
  ['customer:\n  name: x\n', 'this looks like YAML: write it as JSON'],
  ['---\na: 1', 'this looks like YAML: write it as JSON'],
  ['- a', 'this looks like YAML: write it as JSON'],
  ['# c\n{}', 'JSON has no comments: remove it'],
  ['{"a": 1, // c\n "b": 2}', 'JSON has no comments: remove it'],
  ["{'a': 1}", 'JSON wants straight double quotes: "…"'],
  ['{"a": \u201cx\u201d}', 'JSON wants straight double quotes: "…"'],
  ['{a: 1}', 'JSON wants double quotes around names: "name": …'],
  ['{"a": 1,\n}', 'remove the comma before it'],
  ['[1, 2, ]', 'remove the comma before it'],
  ['{"a": None}', 'JSON has null, true and false, and no other words'],
  ['{"a": 0x10}', 'JSON writes numbers like 16 or 0.5'],
  ['{"a": .5}', 'JSON writes numbers like 16 or 0.5'],
  ['{"a": "b\nc"}', String.raw`write a line break in a text as \n, and a tab as \t`],
  ['{"a": 1 "b": 2}', 'a comma is missing before it'],
  ['{"a" 1}', 'write a colon between name and value'],
  ['{"a": 1}{"b": 2}', 'give one object, not several'],
  ['{"a": "b', 'it ends too early: a quote or a bracket is missing'],
  ['nonsense', 'JSON looks like {"name": "value"}'],
])('%j: the remedy is named', (text, remedy) => {
  expect(whereInvalid(text)).toMatch(/^line \d+, column \d+: /);
  expect(whereInvalid(text)!.endsWith(`; ${remedy}`)).toBe(true);
});

test.each([
  ['stirpe', '; did you mean stripe?'],
  ['shopify', ''],
  ['stripe', ''],
  ['x', ''],
])('%s: %j', (name, hint) => {
  expect(didYouMean(name, ['stripe', 'a', 'whmcs'])).toBe(hint);
});

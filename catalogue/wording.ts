import type { z } from 'zod';
import type { InputProblem } from '../contract/errors.js';
import { didYouMean } from '../contract/misspellings.js';
import { joinPath, whyNoNumber } from './raw-input.js';

/**
 * What is wrong with a value, as the end of a sentence that begins with its field. Schemas with words of their own keep
 * them; undefined where zod's words have to do.
 */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      // a text of an address that is no number
      if (Number.isNaN(issue.input)) return `must be ${types[issue.expected as string]}`;
      if (issue.input === undefined) return 'is missing';
      if (typeof issue.input === 'number' && !Number.isFinite(issue.input)) return whyNoNumber(issue.input);
      return `must be ${types[issue.expected as string] ?? String(issue.expected)}, not ${typeOf(issue.input)}`;
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1
        ? 'must not be empty'
        : limit(issue, 'least', issue.minimum);
    case 'too_big':
      return limit(issue, 'most', issue.maximum);
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((one) => JSON.stringify(one)).join(', ')}`;
    case 'invalid_format':
      return formats[issue.format] === undefined ? undefined : `must be ${formats[issue.format]}`;
    case 'unrecognized_keys':
      return issue.keys.map((key) => `is not a field here${didYouMean(key, fieldsOf(issue.inst))}`).join('\n');
    case 'invalid_union':
      return wordsOfUnion(issue) ?? 'has none of the forms that are allowed here';
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return undefined;
  }
}

/** Where one field tells the forms apart, the words that it may have. */
function wordsOfUnion({ discriminator, inst }: { discriminator?: string | undefined; inst?: unknown }) {
  const { options = [] } = (inst as Partial<z.ZodDiscriminatedUnion> | undefined) ?? {};
  const words = options.flatMap((option) => {
    const field = (option as z.ZodObject).shape?.[discriminator ?? ''] as Partial<z.ZodLiteral> | undefined;
    return [...(field?.values ?? [])].map((one) => JSON.stringify(one));
  });
  return words.length === 0 ? undefined : `must be one of ${words.join(', ')}`;
}

/** Each problem with its path, from the words of `plainWords`. */
export function problemsOf({ issues }: z.ZodError): InputProblem[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? unknownFields(issue)
      : [{ path: joinPath(issue.path) || 'input', message: issue.message }],
  );
}

/** One problem for each unknown field, from the words of `plainWords`. */
export function unknownFields({ keys, path, message }: z.core.$ZodIssueUnrecognizedKeys): InputProblem[] {
  const words = message.split('\n');
  return keys.map((key, at) => ({ path: joinPath([...path, key]), message: words[at]! }));
}

function fieldsOf(schema: unknown): string[] {
  return Object.keys((schema as z.ZodObject | undefined)?.shape ?? {});
}

const types: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  uuid: 'a UUID',
  guid: 'a UUID',
  url: 'an address that begins with https://',
};

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries', object: ' fields' };

function limit({ origin }: { origin?: unknown }, which: 'least' | 'most', bound: unknown): string {
  const unit = units[String(origin)];
  return unit === undefined ? `must be at ${which} ${String(bound)}` : `must have at ${which} ${String(bound)}${unit}`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return types[typeof value] ?? typeof value;
}

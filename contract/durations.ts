import ms, { type StringValue } from 'ms';

const LONGEST_MS = ms('10 years');
/** Characters. */
export const LONGEST_DURATION = 50;

export const DURATION_MESSAGE = 'must be a duration in words, such as "30 days", and at most 10 years';

/** True for a valid duration in words. */
export function isDuration(words: unknown): words is string {
  if (typeof words !== 'string' || words === '' || words.length > LONGEST_DURATION) return false;
  // a bare number would be milliseconds
  if (!/[a-z]/i.test(words)) return false;
  const length = ms(words as StringValue);
  return length > 0 && length <= LONGEST_MS;
}

/** Converts a duration in words to milliseconds. */
export function durationMs(words: string): number {
  return ms(words as StringValue);
}

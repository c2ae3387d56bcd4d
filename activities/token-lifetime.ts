import { createHash } from 'node:crypto';
import { markText, type Mark } from '../contract/mark.js';

/** Lifetimes differ by so much that rounding cannot make two of them equal. */
const STEP_SECONDS = 3;
const LARGEST_PART = 50;
const MOST_SECONDS = 3600;
const FEWEST_NUMBERS = 10;

/**
 * The lifetime of a token of this run, in seconds: a little less than ordered, by a number that comes from the mark. A
 * token cannot carry the mark itself, and nobody else chooses such a lifetime. Null for tokens ordered for less than
 * half an hour, which leaves too few numbers.
 */
export function ownLifetime(mark: Mark | undefined, orderedSeconds: number): number | null {
  const numbers = Math.floor(Math.min(orderedSeconds / LARGEST_PART, MOST_SECONDS) / STEP_SECONDS);
  if (mark === undefined || numbers < FEWEST_NUMBERS) return null;
  const number = createHash('sha256')
    .update(`${markText(mark)}:agent token`)
    .digest()
    .readUInt32BE();
  return orderedSeconds - STEP_SECONDS * (1 + (number % numbers));
}

/** True when the cloud does not show the lifetime of a token. */
export function hidesLifetime({
  created_at,
  expires_at,
}: {
  created_at: string | null;
  expires_at: string | null;
}): boolean {
  return Number.isNaN(Date.parse(expires_at ?? '') - Date.parse(created_at ?? ''));
}

/** True when a token was made with this lifetime, by the vendor's own times, which may be rounded to seconds. */
export function hasLifetime(
  { created_at, expires_at }: { created_at: string | null; expires_at: string | null },
  seconds: number,
): boolean {
  const life = (Date.parse(expires_at ?? '') - Date.parse(created_at ?? '')) / 1000;
  return Math.abs(life - seconds) < STEP_SECONDS / 2;
}

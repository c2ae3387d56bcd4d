import { createHash } from 'node:crypto';
import { markText, type Mark } from '../contract/mark.js';

/** Lives are so far apart that the rounding of times cannot make two of them one. */
const STEP_SECONDS = 3;
const LARGEST_PART = 50;
const MOST_SECONDS = 3600;
const FEWEST_LIVES = 10;

/**
 * How long a token of this run lives, in seconds: a little less than ordered, by an odd number that comes from the mark. A token has no other
 * mark. Nobody else chooses such a life; a token that is ordered for less than half an hour has no room for that, and its own is null.
 */
export function ownLife(mark: Mark | undefined, orderedSeconds: number): number | null {
  const lives = Math.floor(Math.min(orderedSeconds / LARGEST_PART, MOST_SECONDS) / STEP_SECONDS);
  if (mark === undefined || lives < FEWEST_LIVES) return null;
  const number = createHash('sha256')
    .update(`${markText(mark)}:agent token`)
    .digest()
    .readUInt32BE();
  return orderedSeconds - STEP_SECONDS * (1 + (number % lives));
}

/** True when the cloud does not tell how long a token lives. */
export function livesUnknown({
  created_at,
  expires_at,
}: {
  created_at: string | null;
  expires_at: string | null;
}): boolean {
  return Number.isNaN(Date.parse(expires_at ?? '') - Date.parse(created_at ?? ''));
}

/** True when a token was made for this life, by the vendor's own times, which may be rounded to seconds. */
export function lives(
  { created_at, expires_at }: { created_at: string | null; expires_at: string | null },
  seconds: number,
): boolean {
  const life = (Date.parse(expires_at ?? '') - Date.parse(created_at ?? '')) / 1000;
  return Math.abs(life - seconds) < STEP_SECONDS / 2;
}

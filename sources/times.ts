import { DateTime } from 'luxon';
import { z } from 'zod';

/** A time further ahead of our clock than this is a mistake of the sender, in milliseconds. */
const AHEAD_MS = 5 * 60_000;
export const AHEAD = 'lies more than 5 minutes ahead of our clock';

/** The end of the year 9999: what lies behind it is no time that anybody means, and ISO 8601 writes it differently. */
const LATEST_MS = 253_402_300_799_999;

/** A time in seconds since 1970. */
export const unixSeconds = z
  .int()
  .min(0)
  .max(Math.floor(LATEST_MS / 1000), 'must be a time in seconds');

/** A time in milliseconds since 1970. */
export const unixMilliseconds = z.int().min(0).max(LATEST_MS, 'must be a time in milliseconds');

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/i;

/** Which moment of its day a date without a time means. */
export type DayPart = 'start' | 'end';

/**
 * A time of a sender as ISO 8601 in UTC with milliseconds. A date without a time means the start or the end of that
 * day in `timezone`. Undefined for anything that is no date, and for a time without a zone.
 */
export function readTime(text: string, timezone: string, part: DayPart): string | undefined {
  if (DAY.test(text)) {
    const day = DateTime.fromISO(text, { zone: timezone });
    return utc(part === 'start' ? day.startOf('day') : day.endOf('day'));
  }
  if (!TIME.test(text)) return undefined;
  return isCanonical(text) ? new Date(text).toISOString() : utc(DateTime.fromISO(text));
}

/** The usual form, which needs no library: a day that does not exist is written back as another one. */
function isCanonical(text: string): boolean {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return false;
  const iso = new Date(time).toISOString();
  return iso === text || iso === text.replace(/Z$/, '.000Z');
}

/** Seconds since 1970 as ISO 8601. */
export function fromSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

function utc(time: DateTime): string | undefined {
  return time.toUTC().toISO() ?? undefined;
}

/** True for a time that lies further ahead of our clock than clocks differ. */
export function isAhead(at: string, now: Date): boolean {
  return Date.parse(at) - now.getTime() > AHEAD_MS;
}

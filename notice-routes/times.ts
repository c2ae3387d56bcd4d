import { DateTime } from 'luxon';
import type { SendTimes } from '../contract/notice-queue.js';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Hours of a day in a time zone, such as 20:00 to 07:00 of the next day. The same time twice is a whole day. */
export interface QuietHours {
  from: string;
  until: string;
  /** The days on which they begin; each day unless given. */
  days?: readonly (typeof weekdays)[number][] | undefined;
}

/** More than the longest time after which a cause may be told again. */
const DAYS_AHEAD = 9;
const MINUTES_A_DAY = 24 * 60;

/**
 * The quiet times from `now` on, for nine days. A local time that a change of clocks leaves out is an hour later; of one
 * that comes twice the first counts.
 */
export function quietTimes(hours: readonly QuietHours[], timezone: string, now: number): SendTimes['quiet'] {
  const days = daysFrom(-1, timezone, now);
  const times = hours.flatMap(({ from, until, days: on }) =>
    days
      .filter((day) => on === undefined || on.includes(weekdays[day.weekday - 1]!))
      .map((day): [number, number] => [timeOf(day, from), timeOf(until <= from ? day.plus({ days: 1 }) : day, until)]),
  );
  return merged(times.filter(([from, until]) => until > now && until > from));
}

/** The times of a daily digest after `now`, for nine days. */
export function digestTimes(at: string, timezone: string, now: number): number[] {
  return daysFrom(0, timezone, now)
    .map((day) => timeOf(day, at))
    .filter((time) => time > now);
}

/** True when no minute of a week is left in which something may be sent. */
export function isAlwaysQuiet(hours: readonly QuietHours[]): boolean {
  const week = weekdays.length * MINUTES_A_DAY;
  const quiet = new Set<number>();
  for (const { from, until, days = weekdays } of hours)
    for (const day of days) {
      const start = weekdays.indexOf(day) * MINUTES_A_DAY + minutesOf(from);
      const length = minutesOf(until) - minutesOf(from) + (until <= from ? MINUTES_A_DAY : 0);
      for (let minute = 0; minute < length; minute += 1) quiet.add((start + minute) % week);
    }
  return quiet.size === week;
}

function daysFrom(first: number, timezone: string, now: number): DateTime[] {
  const today = DateTime.fromMillis(now, { zone: timezone }).startOf('day');
  return Array.from({ length: DAYS_AHEAD + 1 - first }, (_, nth) => today.plus({ days: first + nth }));
}

function timeOf(day: DateTime, time: string): number {
  const minutes = minutesOf(time);
  return day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60 }).toMillis();
}

function minutesOf(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return hour! * 60 + minute!;
}

function merged(times: readonly [number, number][]): [number, number][] {
  const result: [number, number][] = [];
  for (const [from, until] of times.toSorted(([one], [other]) => one - other)) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], until);
    else result.push([from, until]);
  }
  return result;
}

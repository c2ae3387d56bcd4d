/** When suspensions and deletions may begin: a rule such as `Mon-Thu 09:00-16:00`, in the time zone of the source. */
export interface Window {
  between: string;
  timezone: string;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const QUARTER_MS = 15 * 60_000;
const QUARTERS_OF_TWO_WEEKS = 14 * 24 * 4;

/**
 * The first moment, from this one on, that lies in all windows: this one itself, or the start of a quarter of an hour.
 * Two weeks later where there is none. Milliseconds of the epoch.
 */
export function firstMomentIn(windows: readonly Window[], from: number): number {
  const open = windows.map(toTest);
  const isOpen = (at: number) => open.every((test) => test(at));
  if (isOpen(from)) return from;
  const next = Math.ceil((from + 1) / QUARTER_MS) * QUARTER_MS;
  for (let quarter = 0; quarter < QUARTERS_OF_TWO_WEEKS; quarter += 1)
    if (isOpen(next + quarter * QUARTER_MS)) return next + quarter * QUARTER_MS;
  return next + QUARTERS_OF_TWO_WEEKS * QUARTER_MS;
}

/** The end of a window does not belong to it. One that ends before it starts goes on over midnight. */
function toTest({ between, timezone }: Window): (at: number) => boolean {
  const [, first = '', last = first, start = '', end = ''] = /^(\w+)(?:-(\w+))? ([\d:]+)-([\d:]+)$/.exec(between) ?? [];
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    const [day, time] = [parts['weekday']!, `${parts['hour']}:${parts['minute']}`];
    if (start <= end) return isDayIn(day, first, last) && start <= time && time < end;
    return time >= start ? isDayIn(day, first, last) : time < end && isDayIn(dayBefore(day), first, last);
  };
}

/** `Fri-Mon` goes on over the end of the week. */
function isDayIn(day: string, first: string, last: string): boolean {
  const after = (one: string) => (DAYS.indexOf(one) - DAYS.indexOf(first) + 7) % 7;
  return after(day) <= after(last);
}

function dayBefore(day: string): string {
  return DAYS[(DAYS.indexOf(day) + 6) % 7]!;
}

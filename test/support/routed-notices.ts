import type { RoutedNotice } from '../../contract/notice-queue.js';

const HOUR = 3_600_000;
let made = 0;

/** A notice of a blocked run for a queue: a new one each time, of the same cause unless it is at another step. */
export function blockedRun({
  name = 'provisionCustomer:customer-inc',
  step = 'requireTwoFactor',
  message = 'not for you',
  nth = 0,
  ...more
}: Partial<RoutedNotice> & { step?: string; message?: string; nth?: number } = {}): RoutedNotice {
  const run = { about: 'run', run: name, operation: 'provisionCustomer', step, type: 'Acronis.Forbidden' } as const;
  return {
    id: `notice-${(made += 1)}`,
    notice: { ...run, message, since: '2026-01-01T00:00:00.000Z', skippable: true, nth },
    severity: 'normal',
    cause: `run default provisionCustomer ${step} Acronis.Forbidden`,
    name,
    gatherMs: 30_000,
    againMs: 4 * HOUR,
    times: { quiet: [] },
    ...more,
  };
}

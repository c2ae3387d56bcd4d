import { destination, pino, type Logger } from 'pino';
import type { LogLevel } from '../settings/worker.js';

export type { Logger } from 'pino';

/**
 * All that a log line may hold. Names, logins, addresses, the vendor's own words and whatever else an error carries are left out by
 * not being named here.
 */
const allowed: ReadonlySet<string> = new Set([
  'workflowId',
  'runId',
  'workflowType',
  'activityType',
  'step',
  'attempt',
  'cloud',
  'outcome',
  'type',
  'status',
  'code',
  'requestId',
  'duration',
  'namespace',
  'taskQueue',
  'state',
  'signal',
  'port',
  'errorType',
]);

/** JSON lines on standard error, so that standard output keeps to what programs read. */
export function createLog(level: LogLevel): Logger {
  const options = { level, base: null, formatters: { level: (label: string) => ({ level: label }), log: permitted } };
  return pino(options, destination({ dest: 2, sync: true }));
}

/** The permitted fields that are plain values. */
export function permitted(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => allowed.has(name) && ['string', 'number'].includes(typeof value)),
  );
}

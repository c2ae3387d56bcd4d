import { destination, pino, type Logger } from 'pino';
import type { LogLevel } from '../settings/log.js';

export type { Logger } from 'pino';

/**
 * The only fields of a log line. So no name, login, address, word of the vendor's or other part of an error gets into
 * the log.
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
  'source',
  'event',
]);

/**
 * JSON lines on standard error, because programs read standard output. `buffered` writes them a little later, for a
 * process that logs more than a person reads; at its end they are all there.
 */
export function createLog(level: LogLevel, { buffered = false } = {}): Logger {
  const options = {
    level,
    base: null,
    formatters: { level: (label: string) => ({ level: label }), log: permittedFields },
  };
  return pino(options, destination({ dest: 2, sync: !buffered }));
}

/** The allowed fields that are plain values. */
export function permittedFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => allowed.has(name) && ['string', 'number'].includes(typeof value)),
  );
}

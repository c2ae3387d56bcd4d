import type { LogMetadata } from '@temporalio/common';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { UNREAD_NEWS } from '../contract/unread-news.js';
import { permittedFields, type Logger } from '../telemetry/log.js';

/** Of these the observer of attempts logs a line of its own, which says more. */
const loggedElsewhere = new Set(['Activity failed']);

/**
 * Sends the SDK's messages to our log. With a port, the SDK serves metrics for Prometheus on that port of 127.0.0.1.
 */
export function installTelemetry(log: Logger, metricsPort: number | undefined): Runtime {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    if (!loggedElsewhere.has(message) && !isUnreadNews(meta))
      log[level === 'ERROR' ? 'error' : 'warn'](fieldsOf(meta), message);
  });
  return Runtime.install({
    logger,
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN' }), forward: {} },
      ...(metricsPort === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: `127.0.0.1:${metricsPort}`, countersTotalSuffix: true } } }),
    },
    shutdownSignals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
  });
}

/** Not a fault: whoever has asked asks again. */
function isUnreadNews(meta: LogMetadata = {}): boolean {
  return (meta['error'] as Partial<Error> | undefined)?.message === UNREAD_NEWS;
}

function fieldsOf(meta: LogMetadata = {}): Record<string, unknown> {
  const { type, name } = (meta['error'] ?? {}) as { type?: string; name?: string };
  const errorType = type ?? name;
  return { ...permittedFields(meta), ...(errorType === undefined ? {} : { errorType }) };
}

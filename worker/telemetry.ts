import type { LogMetadata } from '@temporalio/common';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { permitted, type Logger } from './log.js';

/** The SDK tells of each failed attempt as well; our own line says more of it. */
const told = new Set(['Activity failed']);

/** Sends the SDK's messages through our log, and has it keep metrics for Prometheus on this port of 127.0.0.1. */
export function installTelemetry(log: Logger, metricsPort: number | undefined): Runtime {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => {
    if (!told.has(message)) log[level === 'ERROR' ? 'error' : 'warn'](fieldsOf(meta), message);
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

function fieldsOf(meta: LogMetadata = {}): Record<string, unknown> {
  const { type, name } = (meta['error'] ?? {}) as { type?: string; name?: string };
  const errorType = type ?? name;
  return { ...permitted(meta), ...(errorType === undefined ? {} : { errorType }) };
}

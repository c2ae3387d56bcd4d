import { z } from 'zod';
import { about } from './reader.js';

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** How much a long-running process logs. */
export const logSettings = z
  .looseObject({
    TENANTRY_LOG_LEVEL: z
      .enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` })
      .default('info')
      .register(about, {
        meaning: `Level of the log on stderr, one JSON line per step or delivery: ${logLevels.join(', ')}.`,
      }),
  })
  .transform(({ TENANTRY_LOG_LEVEL: logLevel }) => ({ logLevel }))
  .meta({ title: 'Log' });

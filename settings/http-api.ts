import { z } from 'zod';
import { about, optionalText, readEnvironment, readSettings, type Environment } from './reader.js';

const USUAL_RATE = 3000;

/** How much of the HTTP API one key may use, and what is written down of it. */
export const httpApiSettings = z
  .looseObject({
    TENANTRY_API_REQUESTS_PER_MINUTE: z
      .string()
      .regex(/^[1-9]\d{0,6}$/, 'must be a whole number of requests, from 1 on')
      .transform(Number)
      .optional()
      .register(about, {
        meaning:
          'How many requests of the HTTP API one key may send in a minute, to each gateway. One more is answered 429.',
        default: String(USUAL_RATE),
      }),
    TENANTRY_AUDIT_LOG: optionalText({
      meaning:
        'Path of a file to which the gateway appends a line of JSON for every request that may change something: who, what, ' +
        'which id, the outcome. A request that cannot be written down is refused. See [API](api.md#the-audit-log).',
      default: 'nothing is written down',
    }),
  })
  .transform((values) => ({
    requestsPerMinute: values.TENANTRY_API_REQUESTS_PER_MINUTE ?? USUAL_RATE,
    auditLog: values.TENANTRY_AUDIT_LOG,
  }))
  .meta({ title: 'Limit and audit log of the HTTP API' });

/** The path of the audit log; undefined when none is set. */
export function loadAuditLogPath(given?: Environment): string | undefined {
  return readSettings(z.object({ api: httpApiSettings }), readEnvironment(given)).api.auditLog;
}

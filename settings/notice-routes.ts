import { z } from 'zod';
import { fileWithProxies } from './proxy.js';
import { optionalText, readEnvironment, readSettings, type Environment } from './reader.js';

const oneTarget = ['TENANTRY_NOTICE_WEBHOOK', 'TENANTRY_NOTICE_SMTP'] as const;

/** Where the ways of notices are described. */
export const noticeRoutesSettings = z
  .looseObject({
    TENANTRY_NOTICES: optionalText({
      meaning:
        'Path of `notices.json`, which says who gets which notice and when. In place of `TENANTRY_NOTICE_…`. See ' +
        '[notices](notices.md).',
    }),
  })
  .superRefine((values, context) => {
    if (values.TENANTRY_NOTICES === undefined) return;
    for (const name of oneTarget.filter((one) => values[one] !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['TENANTRY_NOTICES'],
        message: `is set, and so is ${name}: make that a target of notices.json, and remove ${name}`,
      });
  })
  .transform((values) => fileWithProxies(values.TENANTRY_NOTICES, values))
  .meta({ title: 'Notices by route' });

/** The path of `notices.json`; undefined when none is set. */
export function loadNoticesPath(given?: Environment): string | undefined {
  return readSettings(z.object({ notices: noticeRoutesSettings }), readEnvironment(given)).notices.path;
}

/** The proxy towards an address, as the settings say. */
export function loadProxyFor(given?: Environment): (address: string) => string | undefined {
  return readSettings(z.object({ notices: noticeRoutesSettings }), readEnvironment(given)).notices.proxyFor;
}

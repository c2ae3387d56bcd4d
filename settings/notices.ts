import { z } from 'zod';
import { isProduction, unencryptedProblem } from './production.js';
import { proxyFor } from './proxy.js';
import { about, optionalText } from './reader.js';
import { signingSecretProblem } from './signing-secret.js';

/** Where notices go, apart from the worker's log. */
export interface NoticeSettings {
  webhook?: { url: string; secret: string; proxy?: string | undefined };
  mail?: { smtp: string; from: string; to: string };
}

type Channels = Required<NoticeSettings>;

/** Does something for each channel that is set up. Code that forgets a channel does not compile. */
export function forChannels<T>(
  notices: NoticeSettings,
  act: { [Name in keyof Channels]: (channel: Channels[Name]) => T },
): T[] {
  return (Object.keys(act) as (keyof Channels)[]).flatMap((name) => {
    const channel = notices[name];
    return channel === undefined ? [] : [(act[name] as (one: typeof channel) => T)(channel)];
  });
}

const noticeVariables = z.looseObject({
  TENANTRY_NOTICE_WEBHOOK: z
    .string()
    .refine((url) => hasProtocol(url, /^https?:$/), 'must be an address that begins with https:// or http://')
    .optional()
    .register(about, {
      meaning:
        'Webhook URL that gets a notice when a run waits for a decision or a cloud is in trouble, signed as ' +
        '[Standard Webhooks](https://www.standardwebhooks.com/).',
      file: true,
    }),
  TENANTRY_NOTICE_WEBHOOK_SECRET: z
    .string()
    .superRefine((secret, context) => {
      const message = signingSecretProblem(secret);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .optional()
    .register(about, {
      meaning: 'Secret that signs those notices: `whsec_` and at least 24 base64 characters.',
      file: true,
      secret: true,
    }),
  TENANTRY_NOTICE_SMTP: z
    .string()
    .refine((url) => hasProtocol(url, /^smtps?:$/), 'must be like smtps://user:password@host')
    .optional()
    .register(about, {
      meaning: 'Mail server that sends the notices, as `smtps://user:password@host`.',
      file: true,
      secret: true,
    }),
  TENANTRY_NOTICE_MAIL_FROM: optionalText({ meaning: 'Sender of those mails.', file: true }),
  TENANTRY_NOTICE_MAIL_TO: optionalText({ meaning: 'Receiver of those mails.', file: true }),
});

const together = [
  ['TENANTRY_NOTICE_WEBHOOK', 'TENANTRY_NOTICE_WEBHOOK_SECRET'],
  ['TENANTRY_NOTICE_SMTP', 'TENANTRY_NOTICE_MAIL_FROM', 'TENANTRY_NOTICE_MAIL_TO'],
] as const;

/** A webhook, mail, both or neither; each needs all of its variables. */
export const noticeSettings = noticeVariables
  .superRefine((values, context) => {
    const { TENANTRY_NOTICE_WEBHOOK: webhook } = values;
    const unencrypted = webhook !== undefined && isProduction(values) ? unencryptedProblem(webhook) : undefined;
    if (unencrypted !== undefined)
      context.addIssue({ code: 'custom', path: ['TENANTRY_NOTICE_WEBHOOK'], message: unencrypted });
    for (const names of together) {
      const given = names.filter((name) => values[name] !== undefined).length;
      if (given === 0 || given === names.length) continue;
      const message = `needs all of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
      context.addIssue({ code: 'custom', path: [names[0]], message });
    }
  })
  .transform(toNoticeSettings)
  .meta({ title: 'Notices' });

function toNoticeSettings(values: z.output<typeof noticeVariables>): NoticeSettings {
  const { TENANTRY_NOTICE_WEBHOOK: url, TENANTRY_NOTICE_WEBHOOK_SECRET: secret } = values;
  const { TENANTRY_NOTICE_SMTP: smtp, TENANTRY_NOTICE_MAIL_FROM: from, TENANTRY_NOTICE_MAIL_TO: to } = values;
  return {
    ...(url !== undefined && secret !== undefined && { webhook: { url, secret, proxy: proxyFor(url, values) } }),
    ...(smtp !== undefined && from !== undefined && to !== undefined && { mail: { smtp, from, to } }),
  };
}

function hasProtocol(url: string, protocol: RegExp): boolean {
  return URL.canParse(url) && protocol.test(new URL(url).protocol);
}

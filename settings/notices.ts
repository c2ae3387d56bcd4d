import { Webhook } from 'standardwebhooks';
import { named as setting, type Environment } from './named.js';

/** Where people are told, besides the worker's log. */
export interface NoticeSettings {
  webhook?: { url: string; secret: string };
  mail?: { smtp: string; from: string; to: string };
}

/** Reads TENANTRY_NOTICE_…; adds what is wrong to `problems`. Secrets may be given by file. */
export function readNotices(environment: Environment, problems: string[]): NoticeSettings {
  const named = (name: string) => setting(`TENANTRY_NOTICE_${name}`, environment, problems);
  const webhook = { url: named('WEBHOOK'), secret: named('WEBHOOK_SECRET') };
  const mail = { smtp: named('SMTP'), from: named('MAIL_FROM'), to: named('MAIL_TO') };
  return {
    ...(complete('WEBHOOK', webhook, problems) && webhookFits(webhook, problems) ? { webhook } : {}),
    ...(complete('SMTP', mail, problems) && smtpFits(mail, problems) ? { mail } : {}),
  };
}

type Complete<T> = { [K in keyof T]: string };

function complete<T extends Record<string, string | undefined>>(
  what: string,
  parts: T,
  problems: string[],
): parts is T & Complete<T> {
  const given = Object.values(parts).filter((value) => value !== undefined);
  if (given.length === 0) return false;
  if (given.length === Object.keys(parts).length) return true;
  const all = what === 'WEBHOOK' ? 'WEBHOOK and WEBHOOK_SECRET' : 'SMTP, MAIL_FROM and MAIL_TO';
  problems.push(`TENANTRY_NOTICE_${what}: needs all of ${all}, each with TENANTRY_NOTICE_ before it`);
  return false;
}

function webhookFits({ url, secret }: Complete<{ url: string; secret: string }>, problems: string[]): boolean {
  const before = problems.length;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    problems.push('TENANTRY_NOTICE_WEBHOOK: must be an address that begins with https:// or http://');
  try {
    if (secret.length < 24) throw new Error('too short');
    void new Webhook(secret);
  } catch {
    problems.push('TENANTRY_NOTICE_WEBHOOK_SECRET: must be "whsec_" and at least 24 base64 characters');
  }
  return problems.length === before;
}

function smtpFits({ smtp }: Complete<{ smtp: string }>, problems: string[]): boolean {
  if (URL.canParse(smtp) && /^smtps?:$/.test(new URL(smtp).protocol)) return true;
  problems.push('TENANTRY_NOTICE_SMTP: must be like smtps://user:password@host');
  return false;
}

import type { Logger } from 'pino';
import type { Messenger } from '../../activities/index.js';
import type { NoticeSettings } from '../../settings/notices.js';
import { logMessenger } from './log.js';
import { mailMessenger } from './mail.js';
import { webhookMessenger } from './webhook.js';

/** Every way in which this worker can tell people something; its log is always one. */
export function openMessengers({ webhook, mail }: NoticeSettings, log: Logger): Messenger[] {
  return [
    logMessenger(log),
    ...(webhook === undefined ? [] : [webhookMessenger(webhook)]),
    ...(mail === undefined ? [] : [mailMessenger(mail)]),
  ];
}

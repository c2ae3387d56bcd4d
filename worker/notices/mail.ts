import { createTransport } from 'nodemailer';
import type { Messenger } from '../../activities/index.js';
import { noticeText } from './text.js';

const TIMEOUT_MS = 20_000;

/**
 * Sends notices by e-mail, through the SMTP server at `smtps://user:password@host`. Fails when it is silent for 20 s.
 */
export function mailMessenger(
  { smtp, from, to }: { smtp: string; from: string; to: string },
  timeoutMs = TIMEOUT_MS,
): Messenger {
  const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const transport = createTransport({ url: smtp, ...limits }, { from });
  return {
    name: 'mail',
    async send(notice, id) {
      const { subject, text } = noticeText(notice);
      await transport.sendMail({ to, subject, text, messageId: `<${id}@tenantry.invalid>` });
    },
  };
}

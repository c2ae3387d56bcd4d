import { createTransport } from 'nodemailer';
import type { Messenger } from '../../activities/index.js';
import { oneLine, type NoticeTarget } from './message.js';
import { noticeText } from './text.js';

const TIMEOUT_MS = 20_000;
const LONGEST_SUBJECT = 250;
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Sends notices by e-mail, through the SMTP server at `smtps://user:password@host`. Fails when it is silent for 20 s.
 */
export function mailMessenger(
  { smtp, from, to }: { smtp: string; from: string; to: string },
  timeoutMs = TIMEOUT_MS,
): Messenger {
  const transport = createTransport({ url: smtp, ...limits(timeoutMs) }, { from });
  return {
    name: 'mail',
    async send(notice, id) {
      const { subject, text } = noticeText(notice);
      await transport.sendMail({ to, subject, text, messageId: `<${id}@tenantry.invalid>` });
    },
  };
}

/**
 * A target of `notices.json`. With `smtp://` the connection must become encrypted before anything is sent, but for this
 * machine.
 */
export function mailTarget(
  { smtp, from, to }: { smtp: string; from: string; to: readonly string[] },
  timeoutMs = TIMEOUT_MS,
): NoticeTarget {
  const { hostname, host } = new URL(smtp);
  const requireTLS = !THIS_MACHINE.test(hostname);
  const transport = createTransport({ url: smtp, requireTLS, ...limits(timeoutMs) }, { from });
  return {
    where: `${to.join(', ')} by ${host}`,
    async send({ subject, text }, id) {
      const messageId = `<${id}@tenantry.invalid>`;
      await transport.sendMail({ to: [...to], subject: oneLine(subject, LONGEST_SUBJECT), text, messageId });
    },
  };
}

function limits(timeoutMs: number) {
  return { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
}

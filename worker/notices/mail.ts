import { createTransport } from 'nodemailer';
import type { Messenger } from '../../activities/index.js';
import { inWords } from './text.js';

const TIMEOUT_MS = 20_000;

/** Tells people by e-mail, through an SMTP server named by its URL (`smtps://user:password@host`), which may be silent for 20 s. */
export function mailMessenger(
  { smtp, from, to }: { smtp: string; from: string; to: string },
  timeoutMs = TIMEOUT_MS,
): Messenger {
  const limits = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const transport = createTransport({ url: smtp, ...limits }, { from });
  return {
    name: 'mail',
    async send(notice, id) {
      const { subject, text } = inWords(notice);
      await transport.sendMail({ to, subject, text, messageId: `<${id}@tenantry.invalid>` });
    },
  };
}

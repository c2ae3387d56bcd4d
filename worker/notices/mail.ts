import { createTransport } from 'nodemailer';
import type { Messenger } from '../../activities/index.js';
import { inWords } from './words.js';

const TIMEOUT_MS = 20_000;

/** Tells people by e-mail, through an SMTP server named by its URL (`smtps://user:password@host`). */
export function mailMessenger({ smtp, from, to }: { smtp: string; from: string; to: string }): Messenger {
  const transport = createTransport(smtp, { from });
  const limits = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  Object.assign(transport.options, limits);
  return {
    name: 'mail',
    async send(notice, id) {
      const { subject, text } = inWords(notice);
      await transport.sendMail({ to, subject, text, messageId: `<${id}@tenantry.invalid>` });
    },
  };
}

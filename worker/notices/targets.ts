import type { OpenedNotices } from '../../notice-routes/opened.js';
import type { Target } from '../../notice-routes/target.js';
import { openSignedWebhook } from '../webhooks/signed-webhook.js';
import { chatTarget } from './chat.js';
import { mailTarget } from './mail.js';
import type { NoticeTarget } from './message.js';

type ProxyFor = (address: string) => string | undefined;

/** Opens a target of `notices.json` by name; undefined when the file has none of this name. */
export function openTarget(file: OpenedNotices, name: string, proxyFor: ProxyFor): NoticeTarget | undefined {
  if (!Object.hasOwn(file.targets, name)) return undefined;
  return open(file.targets[name]!, file.secrets[name]!, proxyFor);
}

function open(target: Target, secrets: readonly string[], proxyFor: ProxyFor): NoticeTarget {
  const [first = ''] = secrets;
  switch (target.kind) {
    case 'mail':
      return mailTarget({ smtp: first, from: target.from, to: target.to });
    case 'chat':
      return chatTarget(target.app, first, proxyFor(first));
    case 'webhook':
      return webhookTarget(target.url, secrets, proxyFor(target.url));
  }
}

function webhookTarget(url: string, secrets: readonly string[], proxy: string | undefined): NoticeTarget {
  const post = openSignedWebhook({ url, secrets, proxy });
  return {
    where: `webhook at ${new URL(url).host}`,
    async send({ type, subject, text, data = {} }, id) {
      const now = new Date();
      const body = JSON.stringify({ type, timestamp: now.toISOString(), data: { subject, text, ...data } });
      await post({ id, body }, now);
    },
  };
}

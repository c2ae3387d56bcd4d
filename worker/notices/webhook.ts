import type { Messenger } from '../../activities/index.js';
import type { Notice } from '../../contract/notices.js';
import type { NoticeSettings } from '../../settings/notices.js';
import { openSignedWebhook } from '../webhooks/signed-webhook.js';
import { commandsOf, noticeText } from './text.js';

/**
 * Sends notices to a webhook URL, signed. A repeated notice keeps its `webhook-id`, so the receiver can drop it. A
 * redirect is not followed and counts as a refusal. Fails with the status as its code, such as `HTTP_500`.
 * @see https://www.standardwebhooks.com/
 */
export function webhookMessenger({ url, secret, proxy }: NonNullable<NoticeSettings['webhook']>): Messenger {
  const post = openSignedWebhook({ url, secrets: [secret], proxy });
  return {
    name: 'webhook',
    async send(notice, id) {
      const now = new Date();
      await post({ id, body: JSON.stringify(bodyOf(notice, now)) }, now);
    },
  };
}

/** What each notice is called in webhooks. */
export const noticeTypes = {
  run: 'run.blocked',
  cloud: 'cloud.trouble',
  brake: 'brake.engaged',
  rollout: 'rollout.blocked',
  'cloud-back': 'cloud.back',
  customer: 'customer.blocked',
  onboarding: 'onboarding.waiting',
  source: 'source.attention',
} as const;

function bodyOf(notice: Notice, now: Date): object {
  const commands = commandsOf(notice);
  return {
    type: noticeTypes[notice.about],
    timestamp: now.toISOString(),
    data: { ...notice, ...(commands.length > 0 && { commands }), ...noticeText(notice) },
  };
}

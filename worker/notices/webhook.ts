import ky from 'ky';
import { Webhook } from 'standardwebhooks';
import { fetchThrough } from '../../acronis/index.js';
import type { Messenger } from '../../activities/index.js';
import type { Notice } from '../../contract/notices.js';
import type { NoticeSettings } from '../../settings/notices.js';
import { commandsOf, noticeText } from './text.js';

const TIMEOUT_MS = 20_000;

/**
 * Sends notices to a webhook URL, signed. A repeated notice keeps its `webhook-id`, so the receiver can drop it. A
 * redirect is not followed and counts as a refusal. Fails with the status as its code, such as `HTTP_500`.
 * @see https://www.standardwebhooks.com/
 */
export function webhookMessenger({ url, secret, proxy }: NonNullable<NoticeSettings['webhook']>): Messenger {
  const signer = new Webhook(secret);
  const fetch = fetchThrough(proxy);
  return {
    name: 'webhook',
    async send(notice, id) {
      const now = new Date();
      const body = JSON.stringify(bodyOf(notice, now));
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': signer.sign(id, now, body),
      };
      const how = { timeout: TIMEOUT_MS, retry: 0, redirect: 'manual', throwHttpErrors: false, fetch } as const;
      const answer = await ky.post(url, { body, headers, ...how });
      await answer.body?.cancel();
      if (!answer.ok) throw Object.assign(new Error('the webhook was refused'), { code: `HTTP_${answer.status}` });
    },
  };
}

const types = {
  run: 'run.blocked',
  cloud: 'cloud.trouble',
  brake: 'brake.engaged',
  rollout: 'rollout.blocked',
  'cloud-back': 'cloud.back',
  customer: 'customer.blocked',
  source: 'source.attention',
} as const;

function bodyOf(notice: Notice, now: Date): object {
  const commands = commandsOf(notice);
  return {
    type: types[notice.about],
    timestamp: now.toISOString(),
    data: { ...notice, ...(commands.length > 0 && { commands }), ...noticeText(notice) },
  };
}

import type { Logger } from 'pino';
import type { Messenger } from '../../activities/index.js';
import type { Notice } from '../../contract/notices.js';
import { forChannels, type NoticeSettings } from '../../settings/notices.js';
import { mailMessenger } from './mail.js';
import { webhookMessenger } from './webhook.js';

const logTexts = {
  run: 'a run waits for a decision',
  cloud: 'a cloud is in trouble',
  brake: 'the brake of a cloud is engaged',
  rollout: 'a rollout waits for a decision',
  'cloud-back': 'a cloud is back',
  customer: 'a customer needs a person',
  source: 'a source needs a person',
} as const satisfies Record<Notice['about'], string>;

/** Every channel for notices that this worker has. Its log is always one of them. */
export function openMessengers(notices: NoticeSettings, log: Logger): Messenger[] {
  return [logMessenger(log), ...forChannels(notices, { webhook: webhookMessenger, mail: mailMessenger })];
}

/** Logs ids and types only, because more people read a log than a notice. */
function logMessenger(log: Logger): Messenger {
  return {
    name: 'log',
    async send(notice) {
      log.warn(fieldsOf(notice), logTexts[notice.about]);
    },
  };
}

function fieldsOf(notice: Notice): object {
  switch (notice.about) {
    case 'run':
      return { workflowId: notice.run, step: notice.step, type: notice.type };
    case 'rollout':
      return { workflowId: notice.rollout };
    case 'source':
      return { source: notice.source, about: notice.subject };
    case 'cloud':
    case 'cloud-back':
    case 'brake':
    case 'customer':
      return { cloud: notice.cloud, type: notice.type };
  }
}

import type { Logger } from 'pino';
import type { Messenger } from '../../activities/index.js';

const happenings = {
  run: 'a run waits for a decision',
  cloud: 'a cloud is in trouble',
  'cloud-back': 'a cloud is back',
} as const;

/** Tells the worker's own log: ids and types only, because a log is read by more people than a notice. */
export function logMessenger(log: Logger): Messenger {
  return {
    name: 'log',
    async send(notice) {
      const { about, type } = notice;
      const whose = about === 'run' ? { workflowId: notice.run, step: notice.step } : { cloud: notice.cloud };
      log.warn({ ...whose, type }, happenings[about]);
    },
  };
}

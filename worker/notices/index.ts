import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Messenger } from '../../activities/index.js';
import type { Notice } from '../../contract/notices.js';
import { forChannels } from '../../settings/notices.js';
import type { WorkerSettings } from '../../settings/worker.js';
import { clientOptions } from '../../vault/index.js';
import { mailMessenger } from './mail.js';
import { RoutedNotices, watchNotices, type RoutingParts } from './routed.js';
import { webhookMessenger } from './webhook.js';

const logTexts = {
  run: 'a run waits for a decision',
  cloud: 'a cloud is in trouble',
  brake: 'the brake of a cloud is engaged',
  rollout: 'a rollout waits for a decision',
  'cloud-back': 'a cloud is back',
  customer: 'a customer needs a person',
  onboarding: 'a customer is not protected yet',
  source: 'a source needs a person',
} as const satisfies Record<Notice['about'], string>;

/** The ways to people that a worker has. */
export interface OpenedNoticeWays {
  /** Every channel for notices. The log of the worker is always one of them. */
  messengers: Messenger[];
  /** Where `notices.json` leads; undefined when TENANTRY_NOTICES is not set. */
  routes: RoutedNotices | undefined;
  close(): void;
}

interface NoticeParts {
  connection: NativeConnection;
  clouds: { names: readonly string[] };
  readSecret(this: void, reference: string): Promise<string>;
  log: Logger;
}

/** Opens what the settings name. Fails as `refused`, with every problem, when `notices.json` cannot be used now. */
export async function openNoticeWays(settings: WorkerSettings, parts: NoticeParts): Promise<OpenedNoticeWays> {
  const { log } = parts;
  const channels = [
    logMessenger(log),
    ...forChannels(settings.notices, { webhook: webhookMessenger, mail: mailMessenger }),
  ];
  const { path } = settings.noticeRoutes;
  if (path === undefined) return { messengers: channels, routes: undefined, close: () => undefined };
  const file = await watchNotices(path, parts.readSecret, log);
  const routes = new RoutedNotices(file, routingParts(settings, parts));
  return { messengers: [...channels, routes.messenger], routes, close: () => file.close() };
}

function routingParts(settings: WorkerSettings, { connection, clouds }: NoticeParts): RoutingParts {
  const { namespace, taskQueue } = settings.temporal;
  const client = new Client({ connection, namespace, ...clientOptions(settings.encryption.keys) });
  return { client, taskQueue, clouds: () => clouds.names, proxyFor: settings.noticeRoutes.proxyFor };
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
    case 'onboarding':
      return { workflowId: notice.run, cloud: notice.cloud };
    case 'source':
      return { source: notice.source, about: notice.subject };
    case 'cloud':
    case 'cloud-back':
    case 'brake':
    case 'customer':
      return { cloud: notice.cloud, type: notice.type };
  }
}

import type { Client } from '@temporalio/client';
import type { Messenger } from '../../activities/index.js';
import {
  HOLD_NOTICE_SIGNAL,
  NOTICE_QUEUE,
  startOfNoticeQueue,
  type NoticeBatch,
  type RoutedNotice,
} from '../../contract/notice-queue.js';
import { openNotices, type OpenedNotices } from '../../notice-routes/opened.js';
import { routeNotice } from '../../notice-routes/route.js';
import { signingSecretProblem } from '../../settings/signing-secret.js';
import { WatchedFile } from '../../settings/watched-file.js';
import type { Logger } from '../../telemetry/log.js';
import { batchMessage } from './batch-text.js';
import type { NoticeTarget } from './message.js';
import { openTarget } from './targets.js';

/** What is needed to route notices, besides the file. */
export interface RoutingParts {
  client: Pick<Client, 'workflow'>;
  taskQueue: string;
  /** The clouds of this worker. */
  clouds(): readonly string[];
  proxyFor(this: void, address: string): string | undefined;
}

/** Gives notices to the queues of their targets, by `notices.json` as it is now, and sends what the queues release. */
export class RoutedNotices {
  /** Those of one version of the file, by name. */
  private opened = new Map<string, NoticeTarget>();
  private openedOf: OpenedNotices | undefined;

  constructor(
    private readonly file: Pick<WatchedFile<OpenedNotices>, 'current'>,
    private readonly parts: RoutingParts,
  ) {}

  /** The way of a notice into the queues. Safe to repeat with the same id. */
  get messenger(): Messenger {
    return {
      name: 'routes',
      send: async (notice, id) => {
        const { clouds } = this.parts;
        const { targets, routed } = routeNotice(this.file.current, notice, { clouds: clouds(), now: Date.now() });
        await Promise.all(targets.map(async (target) => await this.hold(target, { ...routed, id })));
      },
    };
  }

  /** Sends a message to a target. Fails when it does not arrive. */
  async send(target: string, batch: NoticeBatch): Promise<void> {
    await this.targetNamed(target).send(batchMessage(batch), batch.id);
  }

  private async hold(target: string, routed: RoutedNotice): Promise<void> {
    const { client, taskQueue } = this.parts;
    await client.workflow.signalWithStart(NOTICE_QUEUE, {
      ...startOfNoticeQueue(target, taskQueue),
      signal: HOLD_NOTICE_SIGNAL,
      signalArgs: [routed],
    });
  }

  private targetNamed(name: string): NoticeTarget {
    const { current } = this.file;
    if (this.openedOf !== current) this.opened = new Map();
    this.openedOf = current;
    const target = this.opened.get(name) ?? openTarget(current, name, this.parts.proxyFor);
    if (target === undefined)
      throw Object.assign(new Error('notices.json has no such target'), { code: 'NO_SUCH_TARGET' });
    this.opened.set(name, target);
    return target;
  }
}

/**
 * Reads `notices.json` and its secrets, again every few seconds. Fails as `refused`, with every problem, when it cannot
 * be used now.
 */
export async function watchNotices(
  path: string,
  readSecret: (reference: string) => Promise<string>,
  log: Logger,
): Promise<WatchedFile<OpenedNotices>> {
  return await WatchedFile.open({
    path,
    name: 'notices',
    setting: 'TENANTRY_NOTICES',
    report: (level, message) => log[level](message),
    read: async (value) => await openNotices(value, readSecret, signingSecretProblem),
  });
}

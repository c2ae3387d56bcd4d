import {
  ApplicationFailure,
  condition,
  continueAsNew,
  defineQuery,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';
import { externalRef, tenantryState } from '../../contract/search-attributes.js';
import {
  SOURCE_NAME,
  SYNC_QUERY,
  type PageReport,
  type SyncInput,
  type SyncResult,
  type SyncStatus,
} from '../../contract/source-sync.js';
import { notices } from '../kernel/activity-options.js';
import {
  addPage,
  beginAgain,
  firstProgress,
  isLost,
  whyOtherAccount,
  whyStopped,
  type SyncProgress,
} from './progress.js';

/** A longer history makes the run continue as new. */
const MAX_EVENTS = 1000;

/** Nobody is asked for help before; then once a day. */
const PATIENCE = '1 hour';
const REMINDER_INTERVAL = '1 day';

/** A sender can be away for days. The worker is known to live by its heartbeats. */
const { readSourceAccount, deliverPage } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});
const { findLastSync } = proxyActivities<Activities>({ startToCloseTimeout: '30 seconds' });

/**
 * Lists everything that a source has sold, and gives it to the customers as facts, page by page. What is not listed ends
 * nothing. A listing that is much shorter than the last one, of another account, or not complete fails with one notice,
 * and the next one is compared with the same listing as this one. Safe to repeat.
 */
export async function syncSource(input: SyncInput | undefined, carried?: SyncProgress): Promise<SyncResult> {
  const { source, accept = false } = input ?? {};
  if (typeof source !== 'string' || !SOURCE_NAME.test(source))
    throw ApplicationFailure.nonRetryable('source: must name a source of sources.json', FailureType.InvalidInput);
  return await new Sync({ source, accept }, carried).run();
}

class Sync {
  private progress: SyncProgress | undefined;

  constructor(
    private readonly input: Required<SyncInput>,
    carried: SyncProgress | undefined,
  ) {
    this.progress = carried;
    setHandler(defineQuery<SyncStatus | null>(SYNC_QUERY), () => this.progress?.status ?? null, {
      description: 'How far the listing is, and with which one it is compared',
    });
  }

  async run(): Promise<SyncResult> {
    this.showInLists('running');
    this.progress ??= await this.begin();
    let progress = this.progress;
    while (!progress.isComplete) {
      if (workflowInfo().historyLength > MAX_EVENTS)
        return await continueAsNew<typeof syncSource>(this.input, progress);
      const page = await this.readPage(progress);
      progress = isLost(page, progress) ? beginAgain(progress) : addPage(progress, page);
      this.progress = progress;
      const why = whyStopped(progress, this.input);
      if (why !== undefined) throw await this.stop(why);
    }
    return await this.end(progress);
  }

  /** Nothing is delivered from another account than the last time. */
  private async begin(): Promise<SyncProgress> {
    const { source } = this.input;
    const last = (await findLastSync({ source })) ?? undefined;
    const account = (await this.untilRead(readSourceAccount({ source }))) ?? undefined;
    const startedAt = new Date(Date.now()).toISOString();
    const why = whyOtherAccount(account, last, this.input);
    if (why !== undefined) throw await this.stop(why);
    return firstProgress({ source, startedAt, ...(account !== undefined && { account }) }, last);
  }

  private async readPage({ status: { pages, startedAt }, next }: SyncProgress): Promise<PageReport> {
    const { source } = this.input;
    const summary = toSummary(`Page ${pages + 1} of ${source}`);
    const event = { id: `sync-${startedAt}`, type: 'sync' };
    const spec = { source, event, ...(next !== undefined && { after: next }) };
    return await this.untilRead(deliverPage.executeWithOptions({ summary }, [spec]));
  }

  /** Waits as long as it takes, and says so when that is long. */
  private async untilRead<T>(reading: Promise<T>): Promise<T> {
    const since = new Date(Date.now()).toISOString();
    let isOver = false;
    const end = () => void (isOver = true);
    reading.then(end, end);
    for (let nth = 0; !(await condition(() => isOver, nth === 0 ? PATIENCE : REMINDER_INTERVAL)); nth += 1)
      void this.notify(
        `It cannot be read since ${since}; the run ${workflowInfo().workflowId} shows why. No change at the source that an ` +
          'event does not say reaches a customer until then. The run goes on by itself.',
      );
    return await reading;
  }

  private async end({ status, examples }: SyncProgress): Promise<SyncResult> {
    const { pages: _pages, last: _last, ...result } = status;
    const { listed, unusable } = result;
    if (unusable > 0)
      await this.notify(`${unusable} of ${listed} objects need a person. The first: ${examples.join('; ')}.`);
    this.showInLists('completed');
    return result;
  }

  private async stop(why: string): Promise<ApplicationFailure> {
    await this.notify(`${why} Nothing is ended by that.`);
    this.showInLists('failed');
    return ApplicationFailure.nonRetryable(why, FailureType.Sender, this.progress?.status);
  }

  /** A notification that fails changes nothing. */
  private async notify(message: string): Promise<void> {
    const { source } = this.input;
    const notice = { about: 'source', source, subject: 'the listing', message } as const;
    await notices.notify
      .executeWithOptions({ summary: toSummary(`Notify: the listing of ${source}`) }, [notice])
      .catch(() => undefined);
  }

  private showInLists(state: 'running' | 'completed' | 'failed'): void {
    upsertSearchAttributes([
      { key: tenantryState, value: state },
      { key: externalRef, value: this.input.source },
    ]);
  }
}

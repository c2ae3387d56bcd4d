import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { autoUpgrade } from '../kernel/new-versions.js';
import type { Activities } from '../../activities/index.js';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';
import {
  CHANGED_OBJECT_QUERY,
  CHANGES_SIGNAL,
  type ChangedObjectStart,
  type ChangedObjectStatus,
  type ObjectChange,
} from '../../contract/source-objects.js';
import { notices } from '../kernel/activity-options.js';
import { onSignal } from '../kernel/signals.js';
import { addChanges, toSourceNotices, type SourceNotice } from './changes.js';

/** One change at the sender often makes several events. */
const MORE_OF_THE_SAME = '2 seconds';
const MAX_EVENTS = 1000;
const MOST_DONE = 20;

/** A sender can be away for days. The worker is known to live by its heartbeats. */
const { deliverTruth } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '5 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/**
 * Reads the truth about an object of a sender that has changed, and passes it on to its customers. However many events
 * come meanwhile, it is read once after the last of them. Ends when nothing waits; waits as long as the sender is away.
 * It can be terminated, but not cancelled.
 */
export async function changedObject(
  start: ChangedObjectStart | undefined,
  waiting?: ObjectChange[],
  unsent?: SourceNotice[],
): Promise<void> {
  if (typeof start?.source !== 'string' || start.source === '')
    throw ApplicationFailure.nonRetryable('source: is missing: it names the sender', FailureType.InvalidInput);
  const { source } = start;
  const object = new ChangedObject(source, addChanges([], waiting), toSourceNotices(unsent));
  await CancellationScope.nonCancellable(async () => await object.run());
}

autoUpgrade(changedObject);

class ChangedObject {
  private done: ChangedObjectStatus['done'] = [];
  private current: ObjectChange | undefined;

  constructor(
    private readonly source: string,
    private waiting: ObjectChange[],
    private unsent: SourceNotice[],
  ) {
    onSignal(CHANGES_SIGNAL, (changes: unknown) => void (this.waiting = addChanges(this.waiting, changes)), {
      description: 'Objects of the sender that have changed: a list',
    });
    setHandler(defineQuery<ChangedObjectStatus>(CHANGED_OBJECT_QUERY), () => this.status, {
      description: 'What waits to be read from the sender, and what was read',
    });
  }

  async run(): Promise<void> {
    for (const notice of this.unsent) void this.notify(notice);
    while (this.waiting.length + this.unsent.length > 0) {
      if (workflowInfo().historyLength > MAX_EVENTS) return await this.continueAsNew();
      if (this.waiting.length === 0) await condition(() => this.waiting.length > 0 || this.unsent.length === 0);
      else await this.readNext();
    }
  }

  /** The next run sends the notices again that are still under way. */
  private async continueAsNew(): Promise<never> {
    await condition(() => this.unsent.length === 0, '1 minute');
    return await continueAsNew<typeof changedObject>({ source: this.source }, this.waiting, this.unsent);
  }

  private get status(): ChangedObjectStatus {
    const { source, current, waiting, done } = this;
    return { source, waiting: [...(current ? [current] : []), ...waiting], done };
  }

  private async readNext(): Promise<void> {
    await sleep(MORE_OF_THE_SAME);
    const [next, ...rest] = this.waiting as [ObjectChange, ...ObjectChange[]];
    this.current = next;
    this.waiting = rest;
    const { object, event } = next;
    const what = `${object.type} ${object.id}`;
    const summary = toSummary(`Read ${what} of ${this.source}`);
    const report = await deliverTruth.executeWithOptions({ summary }, [{ source: this.source, object, event }]);
    this.current = undefined;
    this.done = [...this.done, { ...next, ...report }].slice(-MOST_DONE);
    const found = report.notices.map((message) => ({ subject: what, message }));
    this.unsent = [...this.unsent, ...found];
    for (const notice of found) void this.notify(notice);
  }

  /** A notification that fails changes nothing. */
  private async notify(one: SourceNotice): Promise<void> {
    const notice = { about: 'source', source: this.source, ...one } as const;
    const summary = toSummary(`Notify: ${one.subject} of ${this.source}`);
    await notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
    this.unsent = this.unsent.filter((other) => other !== one);
  }
}

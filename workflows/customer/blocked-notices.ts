import { patched } from '@temporalio/workflow';
import type { CustomerStatus } from '../../contract/customers.js';
import { toSummary } from '../../contract/markdown.js';
import type { Notice } from '../../contract/notices.js';
import { notices } from '../kernel/activity-options.js';

/** Customers of older releases notify nobody. */
const NOTIFIES = 'customer-notifies';

/**
 * Notifies people when a customer needs one, once for each reason. A blocked run has notices of its own. What is under
 * way when the customer continues as new is sent again.
 */
export class BlockedNotices {
  private underWay: string | undefined;

  /** `sent`: the reason of the last notice. */
  constructor(public sent: string | undefined) {}

  announce({ ref, cloud, state, blocked, running }: CustomerStatus): void {
    if (state !== 'blocked') this.sent = undefined;
    if (state !== 'blocked' || blocked === undefined || running?.state === 'blocked') return;
    const { type, message } = blocked;
    if (message === this.sent || message === this.underWay || !patched(NOTIFIES)) return;
    this.underWay = message;
    void this.send(message, { about: 'customer', customer: ref, cloud, type, message });
  }

  private async send(message: string, notice: Notice): Promise<void> {
    const summary = toSummary('Notify: the customer needs a person');
    await notices.notify.executeWithOptions({ summary }, [notice]).catch(() => undefined);
    if (this.underWay !== message) return;
    this.underWay = undefined;
    this.sent = message;
  }
}

import type { CustomerBlocked } from '../../contract/customer-runs.js';
import { MOVED, type CustomerStatus } from '../../contract/customers.js';
import { toSummary } from '../../contract/markdown.js';
import type { Notice } from '../../contract/notices.js';
import { notices } from '../kernel/activity-options.js';
import { isPatched } from './patches.js';

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

  announce(status: CustomerStatus): void {
    const { ref, cloud, running, protection } = status;
    const need = needOf(status);
    if (need === undefined) this.sent = undefined;
    if (need === undefined || running?.state === 'blocked') return;
    if (protection?.run?.state === 'blocked' && status.blocked?.run === protection.run.id) return;
    const { type, message } = need;
    if (message === this.sent || message === this.underWay || !isPatched(NOTIFIES)) return;
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

function needOf({ state, blocked, waitingFor }: CustomerStatus): Pick<CustomerBlocked, 'type' | 'message'> | undefined {
  if (state === 'blocked') return blocked;
  return state === 'waiting' && waitingFor?.startsWith(MOVED)
    ? { type: SUBSCRIPTION_MOVED, message: waitingFor }
    : undefined;
}

/** The type of a notice that a person must say whose a subscription is. */
const SUBSCRIPTION_MOVED = 'Tenantry.SubscriptionMoved';

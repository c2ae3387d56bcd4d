import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  continueAsNew,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import { durationMs } from '../../contract/durations.js';
import { FailureType } from '../../contract/failures.js';
import { toSummary } from '../../contract/markdown.js';
import {
  DELIVER_SIGNAL,
  DELIVERY_TIME,
  EVENT_NOT_DELIVERED,
  type DeliveryStart,
  type OutgoingEvent,
} from '../../contract/outgoing-events.js';
import { autoUpgrade } from '../kernel/new-versions.js';
import { onSignal } from '../kernel/signals.js';

/** A longer history makes it continue as new. */
const MAX_EVENTS = 1000;
/** Of more events the oldest are given up. */
const MOST_WAITING = 200;
/** So many ids are remembered, so that an event that is given again is not sent again. */
const MOST_REMEMBERED = 100;
/** Also an event that has waited long behind others is tried. */
const LEAST_TIME_MS = 600_000;
/** The first event comes with the start. */
const FIRST_EVENT = '1 minute';

const { deliverEvent } = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '1 hour' },
});

/** An event, and until when it is tried. Milliseconds of the epoch. */
interface Waiting {
  event: OutgoingEvent;
  until: number;
}

/** Plain JSON: it is carried over when the workflow continues as new. */
interface DeliveryMemory {
  waiting: Waiting[];
  known: string[];
  /** How many events were given up. */
  lost: number;
}

/**
 * Delivers the events about one subject to one address, in order: the next one begins when the one before has been taken,
 * or given up after three days. It ends when there are none, and fails when it had to give up any.
 */
export async function eventDelivery(start: DeliveryStart | undefined, carried?: DeliveryMemory): Promise<void> {
  if (typeof start?.endpoint !== 'string')
    throw ApplicationFailure.nonRetryable('endpoint: is missing: it names the address', FailureType.InvalidInput);
  await new Delivery(start, carried ?? { waiting: [], known: [], lost: 0 }).run();
}

autoUpgrade(eventDelivery);

class Delivery {
  constructor(
    private readonly start: DeliveryStart,
    private readonly memory: DeliveryMemory,
  ) {
    onSignal(DELIVER_SIGNAL, (event: unknown) => this.take(event as Partial<OutgoingEvent> | undefined), {
      description: 'An event to deliver',
    });
  }

  async run(): Promise<void> {
    const { memory } = this;
    await condition(() => memory.waiting.length > 0, FIRST_EVENT);
    for (let [next] = memory.waiting; next !== undefined; [next] = memory.waiting) {
      if (workflowInfo().historyLength > MAX_EVENTS)
        return await continueAsNew<typeof eventDelivery>(this.start, memory);
      await this.deliver(next);
      memory.waiting = memory.waiting.filter((one) => one !== next);
    }
    if (memory.lost > 0)
      throw ApplicationFailure.nonRetryable(`${memory.lost} event(s) were given up`, EVENT_NOT_DELIVERED);
  }

  private take(event: Partial<OutgoingEvent> | undefined): void {
    const { memory } = this;
    if (!isEvent(event) || memory.known.includes(event.id)) return;
    memory.known = [...memory.known, event.id].slice(-MOST_REMEMBERED);
    memory.waiting.push({ event, until: Date.now() + durationMs(DELIVERY_TIME) });
    // the first one may be on its way
    if (memory.waiting.length > MOST_WAITING) {
      memory.waiting.splice(1, 1);
      memory.lost += 1;
    }
  }

  private async deliver({ event, until }: Waiting): Promise<void> {
    const { endpoint } = this.start;
    const scheduleToCloseTimeout = Math.max(until - Date.now(), LEAST_TIME_MS);
    const options = { scheduleToCloseTimeout, summary: toSummary(`Deliver ${event.type}`) };
    try {
      const outcome = await deliverEvent.executeWithOptions(options, [{ endpoint, event }]);
      // nobody wants the others either
      if (outcome !== 'delivered') this.memory.waiting = [];
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      this.memory.lost += 1;
    }
  }
}

function isEvent(event: Partial<OutgoingEvent> | undefined): event is OutgoingEvent {
  return typeof event?.id === 'string' && typeof event.type === 'string' && typeof event.data?.id === 'string';
}

import { ApplicationFailureCategory } from '@temporalio/common';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import {
  DELIVER_SIGNAL,
  deliveryId,
  EVENT_DELIVERY,
  EVENT_NOT_DELIVERED,
  type OutgoingEvent,
  type OutgoingType,
  type Reported,
} from '../contract/outgoing-events.js';
import { EventWatch } from './event-watch.js';

const LOOK_EVERY_MS = 5000;
const SOON_MS = 100;
const SHIFT_MS = 6 * 3_600_000;
const HEARTBEAT_MS = 2000;
const NOT_HERE_MS = 60_000;
const AT_ONCE = 10;

const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 3_600_000;
const LONGEST_ASKED_MS = 86_400_000;

/** What became of one try to deliver an event. `gone`: the receiver wants no more; `removed`: the address is not in use. */
export type DeliveryOutcome = 'delivered' | 'gone' | 'removed';
export type DeliveryResult = DeliveryOutcome | { why: string; retryAfterMs?: number };

/** The addresses of this worker, and how it reaches them. */
export interface OutgoingDoor {
  endpoints(): readonly { key: string; wants(type: OutgoingType): boolean }[];
  /** Posts an event once. Says why it is not delivered, without the address. */
  deliver(endpoint: string, event: OutgoingEvent): Promise<DeliveryResult>;
}

export interface OutgoingDependencies {
  /** Absent on a worker without TENANTRY_OUTGOING. */
  outgoing?: OutgoingDoor;
  /** After this time the workflow that looks continues as new. Milliseconds; six hours unless given. */
  shiftMs?: number;
}

export function createOutgoingActivities({ outgoing, shiftMs = SHIFT_MS }: OutgoingDependencies) {
  const watches = new WeakMap<Client, EventWatch>();
  const watchOf = (client: Client) => {
    const watch = watches.get(client) ?? new EventWatch(client);
    watches.set(client, watch);
    return watch;
  };
  return {
    /**
     * Looks what has happened, and gives each event to its deliveries. It fails after each look, to be tried again, so it
     * writes no history and takes no slot between two looks; the heartbeat carries what was reported. It ends after some
     * hours with that. A look that is repeated gives the same events with the same ids.
     */
    collectEvents: async (given: Reported): Promise<Reported> => {
      const { client, info, heartbeat } = Context.current();
      if (outgoing === undefined) throw notHere();
      const before = (info.heartbeatDetails as Reported | undefined) ?? given;
      const beating = setInterval(() => heartbeat(before), HEARTBEAT_MS);
      try {
        const { events, reported, isBehind, settle } = await watchOf(client).look(before);
        await handOver(client, events, { outgoing, taskQueue: info.taskQueue });
        heartbeat(reported);
        settle();
        if (info.currentAttemptScheduledTimestampMs - info.scheduledTimestampMs > shiftMs) return reported;
        throw again(`looked; ${events.length} event(s)`, isBehind ? SOON_MS : LOOK_EVERY_MS);
      } finally {
        clearInterval(beating);
      }
    },
    /** Posts an event. It fails, to be tried again, until the address takes it, wants no more, or is no longer configured. */
    deliverEvent: async ({ endpoint, event }: { endpoint: string; event: OutgoingEvent }): Promise<DeliveryOutcome> => {
      if (outgoing === undefined) throw notHere();
      const result = await outgoing.deliver(endpoint, event);
      if (typeof result === 'string') return result;
      const { why, retryAfterMs = 0 } = result;
      const pause = Math.max(Math.min(retryAfterMs, LONGEST_ASKED_MS), backoffMs(Context.current().info.attempt));
      throw ApplicationFailure.create({ type: EVENT_NOT_DELIVERED, message: why, nextRetryDelay: pause });
    },
  };
}

/** Longer each time, and by chance, so that not all events come at once to a receiver that is back. */
function backoffMs(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
}

function notHere(): ApplicationFailure {
  return again('this worker has no TENANTRY_OUTGOING: set it, or start a worker that has it', NOT_HERE_MS);
}

/** No warning, and not counted as a failure. */
function again(message: string, nextRetryDelay: number): ApplicationFailure {
  return ApplicationFailure.create({ message, category: ApplicationFailureCategory.BENIGN, nextRetryDelay });
}

/** The events about one subject in order, those about others at the same time. */
async function handOver(
  client: Client,
  events: readonly OutgoingEvent[],
  { outgoing, taskQueue }: { outgoing: OutgoingDoor; taskQueue: string },
): Promise<void> {
  const subjects = bySubject(events);
  for (let from = 0; from < subjects.length; from += AT_ONCE)
    await Promise.all(
      subjects.slice(from, from + AT_ONCE).map(async (about) => {
        for (const event of about)
          for (const { key, wants } of outgoing.endpoints())
            if (wants(event.type)) await give(client, key, event, taskQueue);
      }),
    );
}

function bySubject(events: readonly OutgoingEvent[]): OutgoingEvent[][] {
  const subjects = new Map<string, OutgoingEvent[]>();
  for (const event of events) subjects.set(event.data.id, [...(subjects.get(event.data.id) ?? []), event]);
  return [...subjects.values()];
}

async function give(client: Client, endpoint: string, event: OutgoingEvent, taskQueue: string): Promise<void> {
  await client.workflow.signalWithStart(EVENT_DELIVERY, {
    workflowId: deliveryId(endpoint, event.data.id),
    taskQueue,
    args: [{ endpoint }],
    signal: DELIVER_SIGNAL,
    signalArgs: [event],
    workflowTaskTimeout: '5 seconds',
    staticSummary: 'Delivers outgoing events in order',
  });
}

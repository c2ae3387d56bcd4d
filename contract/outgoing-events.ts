import { businessKey } from './ids.js';

/** The type of the workflow that sees what happens here. There is one in a namespace, under its own name as id. */
export const OUTGOING_EVENTS = 'outgoingEvents';
/** The type of the workflow that delivers the events about one run or customer to one address, in order. */
export const EVENT_DELIVERY = 'eventDelivery';
/** The signal that brings it an event: one argument, an `OutgoingEvent`. */
export const DELIVER_SIGNAL = 'deliver';
/** Failure type of an event that did not reach its address. */
export const EVENT_NOT_DELIVERED = 'Tenantry.NotDelivered';

/** How long an event is tried. */
export const DELIVERY_TIME = '3 days';

/** What can happen, as receivers name it. */
export const outgoingTypes = [
  'operation.completed',
  'operation.blocked',
  'operation.undone',
  'operation.failed',
  'onboarding.milestone',
  'customer.changed',
  'customer.suspending',
  'customer.suspended',
  'customer.ending',
  'customer.ended',
  'customer.different',
] as const;
export type OutgoingType = (typeof outgoingTypes)[number];

/** Something that has happened. The same happening always has the same id. */
export interface OutgoingEvent {
  id: string;
  type: OutgoingType;
  /** When it happened. ISO 8601. */
  timestamp: string;
  /** `id` is the run or customer that it is about: events about one are delivered in order. */
  data: { id: string } & Record<string, unknown>;
}

/** The part of time of which the list of runs is read, and what is known of it. Times are ISO 8601. */
export interface LookedAt {
  /** What is older is not read again. */
  from: string;
  /** The newest time that was read. */
  upTo: string;
  /** The runs that were read, shortened, with their times. */
  seen: Record<string, string>;
}

/** What lasts for a customer and was reported. */
export interface Lasting {
  /** The time of the coming suspension. */
  suspending?: string;
  /** The milestones of the last days, each with the beginning of the id of its tenant. */
  reached?: string[];
  /** A digest of the fields that somebody has changed. */
  different?: string;
}

/** What was reported so far. It is kept with the activity, not in a history, and its size is bounded. */
export interface Reported {
  closed: LookedAt;
  /** The offboardings that have begun. */
  begun: LookedAt;
  /** The blocked runs, shortened. */
  blocked: string[];
  /** By workflow id; only customers for which something lasts. */
  customers: Record<string, Lasting>;
}

/** What a delivery workflow is started with. */
export interface DeliveryStart {
  /** The address, shortened: it may contain a token. */
  endpoint: string;
}

/** The workflow id under which events about one subject are delivered to one address. */
export function deliveryId(endpoint: string, subject: string): string {
  return `${EVENT_DELIVERY}:${endpoint}:${businessKey(subject)}`;
}

/** Nothing before this time is reported, but what lasts at it is. */
export function nothingReported(now: string): Reported {
  const nothing = { from: now, upTo: now, seen: {} };
  return { closed: nothing, begun: nothing, blocked: [], customers: {} };
}

import type { z } from 'zod';
import type { InputProblem } from '../contract/errors.js';
import type { Fact } from '../contract/facts.js';

/** One delivery as it arrived. */
export interface Delivery {
  method: string;
  /** The address as the sender called it, from the public address of the gateway. */
  url: string;
  /** Names in small letters. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The raw bytes: signatures cover these. */
  body: Uint8Array;
}

/** Why a delivery is not believed. `unavailable` says nothing about the delivery: the sender must send it again. */
export interface VerificationFailure {
  reason: 'missing' | 'wrong' | 'tooOld' | 'tooNew' | 'unavailable';
  /** A sentence for the sender's log. It never holds an expected value. */
  message: string;
}

/** What a verified event says. */
export type Reading = EventFacts &
  (
    | { says: 'facts'; facts: Fact[] }
    /** The event holds no state: the object must be read from the sender's API. */
    | { says: 'changed'; object: { type: string; id: string }; at: string }
    /** Nothing to act on, but somebody should know. */
    | { says: 'notice'; text: string }
    | { says: 'nothing'; why: string }
    /** Something that we need is missing or of the wrong kind. */
    | { says: 'incomplete'; problems: InputProblem[] }
  );

export interface EventFacts {
  /** The sender's own event id: the same for every repetition. */
  id: string;
  type: string;
  /** False for an event of the sender's test mode. */
  live: boolean;
}

/** What reading needs to know of a source. */
export interface SourceContext {
  /** The name in `sources.json`. */
  name: string;
  /** Where the sender keeps the shared reference of a customer, such as `metadata.tenantry_customer`. */
  reference?: string | undefined;
  /** An IANA name: a date without a time ends with that day there. */
  timezone: string;
  /** When the delivery arrived. */
  now: Date;
}

export interface VerifyContext {
  /** The secrets of the source; several while one is replaced. */
  secrets: readonly string[];
  now: Date;
  /** Fetches the key that a sender publishes at an address. Rejects when it cannot be had now. */
  fetchKey?: (url: URL) => Promise<string>;
  /** The only hosts that a key may come from. */
  hosts?: readonly string[];
}

/** How to sign a test delivery. */
export interface SignContext {
  secret: string;
  now: Date;
  /** The event id, where it stands in a header. */
  id: string;
  url: string;
}

/** One kind of sender. Everything in it is a function of its arguments; only `fetchKey` reaches the network. */
export interface SourceKind {
  /** Fields of `sources.json` that only this kind has. */
  settings: z.ZodRawShape;
  /** Why no secret of ours signs its deliveries, as the end of "must be empty: …"; absent where one does. */
  whyNoSecret?: string;
  /** Those without which its API cannot be called. */
  neededWithApiKey?: readonly string[];
  /**
   * Undefined when the delivery comes from the sender. Compares in constant time. Throws `UnreadableDelivery` where the
   * body says how it is signed and cannot be read.
   */
  verify(
    delivery: Delivery,
    context: VerifyContext,
  ): VerificationFailure | undefined | Promise<VerificationFailure | undefined>;
  /** What a verified delivery says, one reading per event. Throws `UnreadableDelivery`. */
  normalise(delivery: Delivery, context: SourceContext): Reading[];
  /** The HTTP status after which this sender sends again soon. */
  retryStatus: 429 | 503;
  /** True when this sender repeats a delivery for days after any 4xx. */
  repeatsRefused: boolean;
  /** Why a text cannot be a signing secret of this sender; undefined when it can. */
  secretProblem?(secret: string): string | undefined;
  /** Headers that make a body a delivery of this sender. */
  sign(body: Uint8Array, context: SignContext): Record<string, string>;
}

/** The body is not what this sender sends. */
export class UnreadableDelivery extends Error {
  override readonly name = 'UnreadableDelivery';

  constructor(
    readonly reason: 'notJson' | 'wrongType' | 'wrongShape',
    message: string,
    /** The field that is missing or of the wrong kind, if it is one. */
    readonly problem?: InputProblem,
  ) {
    super(message);
  }
}

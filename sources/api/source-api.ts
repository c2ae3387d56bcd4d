import type { SourceObject } from '../../contract/source-objects.js';
import { UnreadableDelivery, type EventFacts, type Reading, type SourceContext } from '../kind.js';
import { problem } from '../readings.js';

/** One call of a sender's API. */
export interface ApiRequest {
  /** Below the address of the API. Values of others in it must be encoded by `segment`. */
  path: string;
  query?: Readonly<Record<string, string | number>>;
  headers?: Readonly<Record<string, string>>;
  /** Makes it a POST, for reads that need a body. */
  json?: unknown;
}

export interface ApiAnswer {
  /** The JSON of a success. */
  body: unknown;
  /** The moment at which it was true, by the sender's clock where that is near ours. ISO 8601. */
  at: string;
}

/** Makes one call. Rejects with a `SourceApiError`. */
export type Ask = (request: ApiRequest) => Promise<ApiAnswer>;

/** Which objects of a source mean what, by `sources.json`. */
export interface TruthSettings {
  wonStages?: readonly string[] | undefined;
  lostStages?: readonly string[] | undefined;
  agreementTypes?: readonly string[] | undefined;
}

export interface TruthContext extends SourceContext, TruthSettings {
  /** What asked for the truth: facts carry its id and type. */
  event: EventFacts;
}

/** How the truth is read from one kind of sender. Everything in it only reads, and reaches the network only by `ask`. */
export interface SourceApi {
  /** The address of the API, where all accounts of the sender have the same; else `apiUrl` of the source. */
  address?: string;
  /** The type of the object that a subscription is here; its id is the reference of the subscription. */
  subscriptionType: string;
  /** What authenticates a call. */
  headers(key: string, source: { clientId?: string | undefined }): Record<string, string>;
  /** Why a text cannot be the key; undefined when it can. */
  keyProblem?(key: string): string | undefined;
  /** What one object says now, with all that belongs to it. Fails as `gone` when the sender does not have it. */
  read(object: SourceObject, ask: Ask, context: TruthContext): Promise<Reading[]>;
  /** What the key belongs to; undefined where the key may not say it. */
  account(ask: Ask, key: SourceCredentials): Promise<string | undefined>;
  /**
   * One page of all subscriptions. `after` is the `next` of the page before it. Fails as `rejected` when the sender does
   * not know `after` any more.
   */
  list(after: string | undefined, ask: Ask, context: TruthContext): Promise<ListingPage>;
}

export interface SourceCredentials {
  key: string;
  /** Where it is used. */
  address: string;
}

export interface ListingPage {
  readings: Reading[];
  /** How many objects the sender has listed, also those that say nothing. */
  count: number;
  /** Absent on the last page. */
  next?: string;
}

/** Why the truth cannot be read now. `gone` says that the sender answers, and has no such object. */
export class SourceApiError extends Error {
  override readonly name = 'SourceApiError';

  constructor(
    readonly kind: 'gone' | 'throttled' | 'unavailable' | 'credentials' | 'rejected' | 'unreadable',
    message: string,
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** One part of a path. An empty or dotted one would silently address another object, so it fails as `gone`. */
export function segment(id: string): string {
  if (/^\.{0,2}$/.test(id)) throw new SourceApiError('gone', 'it has no id');
  return encodeURIComponent(id);
}

/**
 * Fails, so that it is asked again, when an answer is about another object than the one that was asked for: a proxy or a
 * cache can mix answers up. A row of a list that does not say what it belongs to contradicts nothing.
 */
export function expectAbout(asked: string, answered: string | number | undefined): void {
  if (answered !== undefined && String(answered) !== asked)
    throw new SourceApiError('unreadable', `it answers about ${answered}, and ${asked} was asked for`);
}

/** Reads one object of several. One that has an unknown form says so by itself; the others count. */
export async function readRow({ event }: TruthContext, act: () => Promise<Reading>): Promise<Reading> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof UnreadableDelivery)) throw error;
    return problem(event, 'object', error.message);
  }
}

/**
 * What happened to a call, in one word. What to do about it is decided elsewhere.
 *
 * - `unavailable`: no answer, too late, 408, 421, 425, 499 or 5xx; or no token was issued. Whether the call took
 *   effect: see `mayHaveHadEffect`.
 * - `throttled`: 429, or not sent because an earlier 429 still applies (then `facts.status` is absent).
 * - `conflict`: the `version` sent is stale (code 1001, or 426), the object is locked or in another state (412, 423),
 *   or any 409 that is not `taken`.
 * - `taken`: the name or login belongs to something else.
 * - `not-found`: 404. `forbidden`: 403, or a refused login of a user. `quota`: code 1022. `rejected`: 400 or 422.
 * - `credentials`: the client id or secret is refused, or a fresh token is.
 * - `unreadable`: answered, but not as the vendor documents it, perhaps by a proxy. A change may have taken effect.
 *
 * `taken`, `not-found`, `forbidden`, `quota` and `rejected` come from the vendor itself, in one of its own forms.
 */
export type AcronisErrorKind =
  | 'unavailable'
  | 'throttled'
  | 'conflict'
  | 'not-found'
  | 'taken'
  | 'credentials'
  | 'forbidden'
  | 'rejected'
  | 'quota'
  | 'unreadable';

/** What is known of a failed call. Free of secrets, e-mail addresses, queries, hosts and bodies. */
export interface AcronisErrorFacts {
  /** Verb and path with `{id}` in place of ids, e.g. `PUT /tenants/{id}`. */
  route: string;
  /** HTTP status; absent when there was no answer or the call was not sent. */
  status?: number;
  /** The vendor's `error.code`, e.g. 1004. */
  code?: string | number;
  /** The vendor's `error.domain`, e.g. `PlatformAccountServer`. */
  domain?: string;
  requestId?: string;
  /** Milliseconds to wait before the call may be repeated. */
  retryAfterMs?: number;
  /** Each retry creates one more object that nobody asked for. */
  makesMore?: boolean;
  /** The vendor's reason, redacted and at most 200 characters; or ours, if the vendor gave none. */
  reason?: string;
}

const BRAND = Symbol.for('tenantry.AcronisError');

/** A call to Acronis failed. The only error class of this folder. */
export class AcronisError extends Error {
  override readonly name = 'AcronisError';
  readonly kind: AcronisErrorKind;
  /** The method of the client, e.g. `tenants.create`; `idp.token` when no token was issued. */
  readonly operation: string;
  readonly facts: AcronisErrorFacts;

  constructor(kind: AcronisErrorKind, operation: string, facts: AcronisErrorFacts, options?: { cause?: unknown }) {
    super(toMessage(kind, facts), options);
    this.kind = kind;
    this.operation = operation;
    this.facts = facts;
  }

  get [BRAND](): true {
    return true;
  }
}

/** Recognises an AcronisError by its brand, which works across realms and duplicate copies of this module. */
export function isAcronisError(error: unknown): error is AcronisError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
}

function toMessage(kind: AcronisErrorKind, { route, status, reason }: AcronisErrorFacts): string {
  const because = reason === undefined ? '' : `: ${reason}`;
  if (kind === 'unreadable')
    return `${route} was answered (${status ?? 'no status'}) in a way that cannot be read${because}`;
  if (kind === 'throttled') return `${route} must wait (${status ?? 'not sent'})${because}`;
  if (status === undefined)
    return kind === 'unavailable' ? `${route} got no answer${because}` : `${route} failed${because}`;
  return kind === 'unavailable'
    ? `${route} could not be served (${status})${because}`
    : `${route} was refused (${status})${because}`;
}

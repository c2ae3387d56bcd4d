/**
 * What happened to a call, in one word. What to do about it is not decided here.
 *
 * - `unavailable`: no answer, too late, 408, 421, 425, 499 or 5xx; or no token could be had. Whether the call took effect: see `mayHaveHadEffect`.
 * - `throttled`: 429, or not sent because an earlier 429 still holds (then `facts.status` is absent).
 * - `conflict`: the `version` sent is stale (code 1001, or 426), the object is locked or not as expected just now (412, 423), or a 409 other
 *   than the next kind.
 * - `taken`: the name or login belongs to something else.
 * - `not-found`: 404. `forbidden`: 403, or a refused login of a user. `quota`: code 1022. `rejected`: 400 or 422.
 * - `credentials`: the client id or secret is refused, or a fresh token is.
 * - `unreadable`: answered, but not with what the vendor documents: perhaps by a proxy. A change may have taken effect.
 *
 * `taken`, `not-found`, `forbidden`, `quota` and `rejected` are the vendor's own word, in one of its own forms.
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
  /** Milliseconds before which the call must not be repeated. */
  retryAfterMs?: number;
  /** Each try makes one more thing that was not asked for. */
  makesMore?: boolean;
  /** The vendor's words, redacted and at most 200 characters; or ours, where the vendor said nothing. */
  reason?: string;
}

const BRAND = Symbol.for('tenantry.AcronisError');

/** Says that a call to Acronis did not do what was asked. The only error class of this room. */
export class AcronisError extends Error {
  override readonly name = 'AcronisError';
  readonly kind: AcronisErrorKind;
  /** The method of the client, e.g. `tenants.create`; `idp.token` when no token could be had. */
  readonly operation: string;
  readonly facts: AcronisErrorFacts;

  constructor(kind: AcronisErrorKind, operation: string, facts: AcronisErrorFacts, options?: { cause?: unknown }) {
    super(sentence(kind, facts), options);
    this.kind = kind;
    this.operation = operation;
    this.facts = facts;
  }

  get [BRAND](): true {
    return true;
  }
}

/** Tells an AcronisError by its brand, so that it works across realms and duplicate copies of this module. */
export function isAcronisError(error: unknown): error is AcronisError {
  return typeof error === 'object' && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
}

/** The facts by which a refused call gets its kind. */
export interface Refusal {
  status: number;
  /** Whether the body is in one of the vendor's own forms. */
  isVendors: boolean;
  code?: string | number | undefined;
  /** Whether the call makes an object whose name or login must be unique. */
  creates?: boolean | undefined;
  /** Whether the call asked for a token. */
  authenticates?: boolean | undefined;
  /** Whether the call went out in somebody else's name, not by our own token. */
  byGuest?: boolean | undefined;
  /** Whether the call changes something, and the body says something that is not the vendor's. */
  isUnknownWord?: boolean | undefined;
}

const VERSION_MISMATCH = 1001;
const NAME_CONFLICT = 1004;
const QUOTA_EXCEEDED = 1022;

/** Nobody says that the call was looked at. */
const notServed: readonly number[] = [408, 421, 425, 499];
/** Another try, perhaps with a fresh version, may go through: stale version, precondition, lock. Only 426 is documented, and only for quotas. */
const notNow: readonly number[] = [412, 423, 426];

/**
 * Turns a status that is not a success into a kind. The only place where that is decided. Only the vendor's own word is final: a proxy says 400, 403
 * or 404 too.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (response codes, error codes)
 */
export function kindOfRefusal({
  status,
  isVendors,
  authenticates,
  byGuest,
  isUnknownWord,
  ...said
}: Refusal): AcronisErrorKind {
  if (status >= 500 || notServed.includes(status)) return 'unavailable';
  if (status === 429) return 'throttled';
  if (status < 400) return 'unreadable';
  if (authenticates) return isVendors && [400, 401, 403].includes(status) ? 'credentials' : 'unavailable';
  if (status === 401 && !byGuest && !isUnknownWord) return 'credentials';
  if (isVendors) return kindOfWord(status, said);
  return notNow.includes(status) ? 'conflict' : 'unreadable';
}

/** What the vendor means by a refusal in its own form. */
function kindOfWord(status: number, { code, creates }: Pick<Refusal, 'code' | 'creates'>): AcronisErrorKind {
  const number = Number(code);
  if (number === QUOTA_EXCEEDED) return 'quota';
  // the status of a stale tenant or user version is not documented
  if (notNow.includes(status) || (number === VERSION_MISMATCH && [400, 409].includes(status))) return 'conflict';
  if (number === NAME_CONFLICT || (status === 409 && creates)) return 'taken';
  if (status === 409) return 'conflict';
  if (status === 404) return 'not-found';
  if (status === 401 || status === 403) return 'forbidden';
  return status === 400 || status === 422 ? 'rejected' : 'unreadable';
}

function sentence(kind: AcronisErrorKind, { route, status, reason }: AcronisErrorFacts): string {
  const said = reason === undefined ? '' : `: ${reason}`;
  if (kind === 'unreadable')
    return `${route} was answered (${status ?? 'no status'}) in a way that cannot be read${said}`;
  if (kind === 'throttled') return `${route} must wait (${status ?? 'not sent'})${said}`;
  if (status === undefined) return kind === 'unavailable' ? `${route} got no answer${said}` : `${route} failed${said}`;
  return kind === 'unavailable'
    ? `${route} could not be served (${status})${said}`
    : `${route} was refused (${status})${said}`;
}

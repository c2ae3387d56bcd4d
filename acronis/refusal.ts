import { AcronisError, type AcronisErrorFacts, type AcronisErrorKind } from './errors.js';
import type { Redaction } from './redaction.js';
import type { HttpResponse } from './transport.js';
import { readVendorError } from './vendor-error.js';

const REDIRECTED = 'a redirection, which this API does not use; check the base URL';
const NOT_FROM_VENDOR = 'not in a form of the vendor, so a proxy may have answered';

const VERSION_MISMATCH = '1001';
const NAME_CONFLICT = '1004';
const QUOTA_EXCEEDED = '1022';

/** The call may never have been processed. */
const notServed: readonly number[] = [408, 421, 425, 499];
/**
 * Stale version, precondition, lock: a retry, perhaps with a fresh version, may succeed. Only 426 is documented, and
 * only for quotas.
 */
const notNow: readonly number[] = [412, 423, 426];

/** The properties of a call on which the meaning of its refusal depends. */
export interface RefusedCall {
  operation: string;
  route: string;
  /** It creates an object whose name or login must be unique. */
  creates?: boolean | undefined;
  /** It asks for a token. */
  requestsToken?: boolean | undefined;
  secrets?: readonly string[] | undefined;
  /** It was sent with somebody else's credentials, not with our token. */
  usesOtherCredentials?: boolean | undefined;
  changes?: boolean | undefined;
}

/** Makes the error for an answer that is not a success. Quotes the vendor's reason, redacted. */
export function toRefusalError(call: RefusedCall, response: HttpResponse, redaction: Redaction): AcronisError {
  const { status, requestId, retryAfterMs } = response;
  const vendorError = readVendorError(response.text, call.route);
  const { code, domain, reason: vendorReason = '' } = vendorError ?? {};
  const facts: AcronisErrorFacts = { route: call.route, status };
  if (code !== undefined) facts.code = code;
  if (domain !== undefined) facts.domain = domain;
  if (requestId !== undefined) facts.requestId = requestId;
  if (retryAfterMs !== undefined) facts.retryAfterMs = retryAfterMs;
  const reason = redaction.clean(vendorReason, call.secrets);
  if (reason !== '') facts.reason = reason;
  const hasForeignBody = call.changes && !mayBeFromVendor(call.route, response);
  const kind = kindOfRefusal(call, { status, code, isFromVendor: vendorError !== undefined, hasForeignBody });
  if (vendorError === undefined && status < 500 && ['unreadable', 'unavailable'].includes(kind))
    facts.reason = status >= 300 && status < 400 ? REDIRECTED : NOT_FROM_VENDOR;
  return new AcronisError(kind, call.operation, facts);
}

/**
 * Whether the vendor itself may have sent an answer that is not a success: its body is empty or in one of the vendor's
 * forms.
 */
export function mayBeFromVendor(route: string, { text }: HttpResponse): boolean {
  return text === '' || readVendorError(text, route) !== undefined;
}

interface Refusal {
  status: number;
  code: string | number | undefined;
  /** The body is in one of the vendor's own forms. */
  isFromVendor: boolean;
  /** The call changes something, and its answer has a body that is not the vendor's. */
  hasForeignBody: boolean | undefined;
}

/**
 * Turns a status that is not a success into a kind. This is decided nowhere else. Only the vendor's own word is final:
 * a proxy answers 400, 403 or 404 too.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (response codes, error codes)
 */
function kindOfRefusal(
  { requestsToken, usesOtherCredentials, creates }: RefusedCall,
  { status, code, isFromVendor, hasForeignBody }: Refusal,
): AcronisErrorKind {
  if (status >= 500 || notServed.includes(status)) return 'unavailable';
  if (status === 429) return 'throttled';
  if (status < 400) return 'unreadable';
  if (requestsToken) return isFromVendor && [400, 401, 403].includes(status) ? 'credentials' : 'unavailable';
  if (status === 401 && !usesOtherCredentials && !hasForeignBody) return 'credentials';
  if (isFromVendor) return kindOfVendorError(status, String(code), creates);
  return notNow.includes(status) ? 'conflict' : 'unreadable';
}

function kindOfVendorError(status: number, code: string, creates: boolean | undefined): AcronisErrorKind {
  if (code === QUOTA_EXCEEDED) return 'quota';
  // the status of a stale tenant or user version is not documented
  if (notNow.includes(status) || (code === VERSION_MISMATCH && [400, 409].includes(status))) return 'conflict';
  if (code === NAME_CONFLICT || (status === 409 && creates)) return 'taken';
  if (status === 409) return 'conflict';
  if (status === 404) return 'not-found';
  if (status === 401 || status === 403) return 'forbidden';
  return status === 400 || status === 422 ? 'rejected' : 'unreadable';
}

import { AcronisError, kindOfRefusal, type AcronisErrorFacts } from './errors.js';
import type { Redaction } from './redaction.js';
import { vendorWords } from './vendor-words.js';
import type { WireReply } from './wire.js';

const REDIRECTED = 'a redirection, which this API does not use; check the base URL';
const NOT_THE_VENDORS = 'not in the words of the vendor, so a proxy may have answered';

/** What the call was, as far as its refusal depends on it. */
export interface RefusedCall {
  operation: string;
  route: string;
  creates?: boolean | undefined;
  authenticates?: boolean | undefined;
  secrets?: readonly string[] | undefined;
  byGuest?: boolean | undefined;
  changes?: boolean | undefined;
}

/** Makes the error for an answer that is not a success, with what the vendor says about it, redacted. */
export function refusalOf(call: RefusedCall, reply: WireReply, redaction: Redaction): AcronisError {
  const words = vendorWords(reply.text, call.route);
  const said = words ?? {};
  const facts: AcronisErrorFacts = { route: call.route, status: reply.status };
  if (said.code !== undefined) facts.code = said.code;
  if (said.domain !== undefined) facts.domain = said.domain;
  if (reply.requestId !== undefined) facts.requestId = reply.requestId;
  if (reply.retryAfterMs !== undefined) facts.retryAfterMs = reply.retryAfterMs;
  const reason = redaction.clean(said.reason ?? '', call.secrets);
  if (reason !== '') facts.reason = reason;
  const { creates, authenticates, byGuest, changes } = call;
  const asked = { status: reply.status, code: facts.code, creates, authenticates, byGuest };
  const isUnknownWord = changes && !canBeVendors(call.route, reply);
  const kind = kindOfRefusal({ ...asked, isVendors: words !== undefined, isUnknownWord });
  if (words === undefined && reply.status < 500 && ['unreadable', 'unavailable'].includes(kind))
    facts.reason = reply.status >= 300 && reply.status < 400 ? REDIRECTED : NOT_THE_VENDORS;
  return new AcronisError(kind, call.operation, facts);
}

/** Whether an answer that is no success can be the vendor's own: it is in one of its forms, or says nothing but its status. */
export function canBeVendors(route: string, { text }: WireReply): boolean {
  return text === '' || vendorWords(text, route) !== undefined;
}

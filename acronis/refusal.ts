import { AcronisError, kindOfRefusal, type AcronisErrorFacts } from './errors.js';
import type { Redaction } from './redaction.js';
import { vendorWords } from './vendor-words.js';
import type { WireReply } from './wire.js';

/** What the call was, as far as its refusal depends on it. */
export interface RefusedCall {
  operation: string;
  route: string;
  creates?: boolean | undefined;
  authenticates?: boolean | undefined;
  secrets?: readonly string[] | undefined;
  byGuest?: boolean | undefined;
}

/** Makes the error for an answer that is not a success, with what the vendor says about it, redacted. */
export function refusalOf(call: RefusedCall, reply: WireReply, redaction: Redaction): AcronisError {
  const said = vendorWords(reply.text);
  const facts: AcronisErrorFacts = { route: call.route, status: reply.status };
  if (said.code !== undefined) facts.code = said.code;
  if (said.domain !== undefined) facts.domain = said.domain;
  if (reply.requestId !== undefined) facts.requestId = reply.requestId;
  if (reply.retryAfterMs !== undefined) facts.retryAfterMs = reply.retryAfterMs;
  const reason = redaction.clean(said.reason ?? '', call.secrets);
  if (reason !== '') facts.reason = reason;
  if (reply.status < 400) facts.reason = 'a redirection, which this API does not use; check the base URL';
  const kind = kindOfRefusal({
    status: reply.status,
    code: facts.code,
    creates: call.creates,
    authenticates: call.authenticates,
    byGuest: call.byGuest,
  });
  return new AcronisError(kind, call.operation, facts);
}

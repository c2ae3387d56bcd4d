import { z } from 'zod';
import { AcronisError, kindOfRefusal, type AcronisErrorFacts } from './errors.js';
import type { Redaction } from './redaction.js';
import type { WireReply } from './wire.js';

const code = z.union([z.number(), z.string().regex(/^[\w.-]{1,60}$/)]).optional();
const word = z
  .string()
  .regex(/^[\w.-]{1,60}$/)
  .optional();
const text = z.string().optional().catch(undefined);

const accountError = z.object({
  error: z.object({
    code: code.catch(undefined),
    domain: word.catch(undefined),
    message: text,
    details: z.object({ info: text }).optional().catch(undefined),
  }),
});
const tokenError = z.object({ error: word.catch(undefined), error_description: text, domain: word.catch(undefined) });

/** What the call was, as far as its refusal depends on it. */
export interface RefusedCall {
  operation: string;
  route: string;
  creates?: boolean | undefined;
  authenticates?: boolean | undefined;
  secrets?: readonly string[] | undefined;
}

/**
 * Makes the error for an answer that is not a success.
 * Reads the two error bodies of account management; anything else (a gateway's HTML) is not quoted.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (error codes)
 */
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
  });
  return new AcronisError(kind, call.operation, facts);
}

function vendorWords(body: string): { code?: string | number; domain?: string; reason?: string } {
  const json = parsed(body);
  const account = accountError.safeParse(json);
  if (account.success) {
    const { code, domain, message, details } = account.data.error;
    const info = details?.info === message ? undefined : details?.info;
    return present({ code, domain, reason: [message, info].filter(Boolean).join('; ') });
  }
  const token = tokenError.safeParse(json);
  if (!token.success) return {};
  const { error, error_description: description, domain } = token.data;
  return present({ code: error, domain, reason: description ?? error });
}

function present(words: {
  code: string | number | undefined;
  domain: string | undefined;
  reason: string | undefined;
}): ReturnType<typeof vendorWords> {
  return {
    ...(words.code === undefined ? {} : { code: words.code }),
    ...(words.domain === undefined ? {} : { domain: words.domain }),
    ...(words.reason === undefined ? {} : { reason: words.reason }),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

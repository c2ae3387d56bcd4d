import { z } from 'zod';
import { abortable } from './abort.js';
import { basicAuth } from './credentials.js';
import { AcronisError, isAcronisError } from './errors.js';
import type { Redaction } from './redaction.js';
import { toRefusalError, type RefusedCall } from './refusal.js';
import { readResponse } from './response.js';
import { optional } from './shapes.js';
import type { HttpResponse, Transport } from './transport.js';

const RENEW_AHEAD_MS = 15 * 60_000;
/** For a token that lives for less than an hour. */
const RENEW_AHEAD_SHARE = 0.25;
/** As the vendor documents it; used only if an answer has neither `expires_in` nor an `expires_on` in the future. */
const USUAL_LIFE_MS = 2 * 3_600_000;

const tokenShape = z.object({
  access_token: z.string().min(1),
  /** Unix seconds. */
  expires_on: optional(z.number()),
  /** Seconds. */
  expires_in: optional(z.number()),
});

/** Access tokens of one API client in one scope, in memory only. */
export interface TokenSource {
  /**
   * A token that is valid for 15 more minutes, or for a quarter of its life if that is less. Concurrent callers share
   * one request.
   */
  get(signal?: AbortSignal): Promise<string>;
  /** Forgets a token that was refused, unless it has already been replaced. */
  invalidate(refused: string): void;
}

/** A token as it was issued. */
export interface IssuedToken {
  value: string;
  /** How long it is valid, milliseconds. */
  lifeMs: number;
}

/**
 * Keeps a token until 15 minutes before it expires, or a quarter of its life if that is less. `monotonic` returns
 * milliseconds of a clock that nobody can set. If that clock stops while the machine sleeps, a token is kept too long;
 * then its refusal replaces it.
 */
export function createTokenSource(issue: () => Promise<IssuedToken>, monotonic: () => number): TokenSource {
  let cached: { value: string; validUntil: number } | undefined;
  let inFlight: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const askedAt = monotonic();
    const { value, lifeMs } = await issue();
    cached = { value, validUntil: askedAt + lifeMs - Math.min(RENEW_AHEAD_MS, lifeMs * RENEW_AHEAD_SHARE) };
    return value;
  }

  return {
    async get(signal) {
      signal?.throwIfAborted();
      if (cached !== undefined && monotonic() < cached.validUntil) return cached.value;
      // shared, so no signal may abort it: the cancellation of one attempt must not fail the others
      inFlight ??= renew().finally(() => {
        inFlight = undefined;
      });
      return abortable(inFlight, signal);
    },
    invalidate(refused) {
      if (cached?.value === refused) cached = undefined;
    },
  };
}

export interface IssuerOptions {
  transport: Transport;
  redaction: Redaction;
  /** Milliseconds since 1970, by our own clock. */
  now: () => number;
  /** Milliseconds of a clock that nobody can set. */
  monotonic: () => number;
}

/**
 * Issues tokens for client credentials (form body, Basic client authentication). Fails with `credentials` when the
 * client is refused, otherwise as any call. Safe to repeat: each call issues another token.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (authentication)
 */
export function clientCredentialsIssuer(
  { transport, redaction, now }: IssuerOptions,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): () => Promise<IssuedToken> {
  const call = { operation: 'idp.token', route: 'POST /idp/token', requestsToken: true };
  const { headers } = basicAuth({ login: clientId, password: clientSecret });
  return async () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    return readIssuedToken(call, await transport({ ...call, headers, form, turn: { atOnce: true } }), redaction, now());
  };
}

/** Reads the token from the answer of the token endpoint; throws the error for any other answer. */
export function readIssuedToken(
  call: RefusedCall,
  response: HttpResponse,
  redaction: Redaction,
  now: number,
): IssuedToken {
  if (response.status < 200 || response.status >= 300) throw toRefusalError(call, response, redaction);
  const token = readToken(call, response);
  return { value: token.access_token, lifeMs: lifeOf(token, response.answeredAt ?? now) };
}

/**
 * How long a token is valid: as the token says, or by the clock of the server that issued it, because ours may be
 * wrong.
 */
function lifeOf({ expires_in, expires_on }: z.output<typeof tokenShape>, now: number): number {
  const lives = [expires_in && expires_in * 1000, expires_on && expires_on * 1000 - now];
  return lives.find((ms): ms is number => ms !== null && ms > 0) ?? USUAL_LIFE_MS;
}

/** An answer without a readable token means that no token is available at the moment, whoever has sent it. */
function readToken(call: RefusedCall, response: HttpResponse): z.output<typeof tokenShape> {
  try {
    return readResponse(tokenShape, call, response);
  } catch (error) {
    if (!isAcronisError(error)) throw error;
    throw new AcronisError('unavailable', call.operation, error.facts);
  }
}

import { z } from 'zod';
import { AcronisError, isAcronisError } from './errors.js';
import { byLogin } from './pass.js';
import type { Redaction } from './redaction.js';
import { refusalOf, type RefusedCall } from './refusal.js';
import { readReply } from './reply.js';
import { absent } from './shapes.js';
import { unlessAborted } from './waiting.js';
import type { Wire, WireReply } from './wire.js';

const RENEW_AHEAD_MS = 15 * 60_000;
/** Of a token that lives for less than an hour. */
const RENEW_AHEAD_SHARE = 0.25;
/** What the vendor documents; used only if a reply says neither `expires_in` nor an `expires_on` that is still to come. */
const USUAL_LIFE_MS = 2 * 3_600_000;

const tokenReply = z.object({
  access_token: z.string().min(1),
  /** Unix seconds. */
  expires_on: absent(z.number()),
  /** Seconds. */
  expires_in: absent(z.number()),
});

/** Access tokens of one API client in one scope, in memory only. */
export interface Tokens {
  /** A token good for 15 more minutes, or for a quarter of a shorter life, or a fresh one. All who ask at once share one request. */
  current(signal?: AbortSignal): Promise<string>;
  /** Forgets a token that was refused, unless it has been replaced already. */
  drop(refused: string): void;
}

/** A token as it was issued. */
export interface IssuedToken {
  value: string;
  /** How long it is good for, milliseconds. */
  lifeMs: number;
}

/**
 * Keeps the token that `issue` gives until 15 minutes before it expires, or a quarter of its life if that is less. `monotonic` tells milliseconds by a
 * clock that nobody sets; one that stands still while the machine sleeps keeps a token too long, which its refusal then ends.
 */
export function createTokens(issue: () => Promise<IssuedToken>, monotonic: () => number): Tokens {
  let held: { value: string; goodUntil: number } | undefined;
  let inFlight: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const askedAt = monotonic();
    const { value, lifeMs } = await issue();
    held = { value, goodUntil: askedAt + lifeMs - Math.min(RENEW_AHEAD_MS, lifeMs * RENEW_AHEAD_SHARE) };
    return value;
  }

  return {
    async current(signal) {
      signal?.throwIfAborted();
      if (held !== undefined && monotonic() < held.goodUntil) return held.value;
      // Shared, so it is bound to nobody's signal: one attempt's cancellation must not fail the others.
      inFlight ??= renew().finally(() => {
        inFlight = undefined;
      });
      return unlessAborted(inFlight, signal);
    },
    drop(refused) {
      if (held?.value === refused) held = undefined;
    },
  };
}

export interface IssuerOptions {
  wire: Wire;
  redaction: Redaction;
  /** Milliseconds since 1970, by our own clock. */
  now: () => number;
  /** Milliseconds by a clock that nobody sets. */
  monotonic: () => number;
}

/**
 * Issues tokens by client credentials (form body, Basic client authentication).
 * Fails with `credentials` when the client is refused, otherwise as any call. Repeating only issues another token.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (authentication)
 */
export function clientCredentials(
  { wire, redaction, now }: IssuerOptions,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): () => Promise<IssuedToken> {
  const call = { operation: 'idp.token', route: 'POST /idp/token', authenticates: true };
  const { headers } = byLogin({ login: clientId, password: clientSecret });
  return async () => {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    return issuedToken(call, await wire({ ...call, headers, form }), redaction, now());
  };
}

/** The token in the answer of the token endpoint; throws the error for any other answer. Repeating only issues another token. */
export function issuedToken(call: RefusedCall, reply: WireReply, redaction: Redaction, now: number): IssuedToken {
  if (reply.status < 200 || reply.status >= 300) throw refusalOf(call, reply, redaction);
  const { access_token: value, expires_on, expires_in } = readToken(call, reply);
  return { value, lifeMs: lifeOf({ expires_on, expires_in }, reply.answeredAt ?? now) };
}

/** How long a token is good for, by its own account, or by the clock of whoever issued it: ours may be wrong. */
function lifeOf(
  { expires_in, expires_on }: Pick<z.output<typeof tokenReply>, 'expires_in' | 'expires_on'>,
  now: number,
) {
  const lives = [expires_in && expires_in * 1000, expires_on && expires_on * 1000 - now];
  return lives.find((ms): ms is number => ms !== null && ms > 0) ?? USUAL_LIFE_MS;
}

/** A token that cannot be read is one that cannot be had just now, whoever has answered. */
function readToken(call: RefusedCall, reply: WireReply): z.output<typeof tokenReply> {
  try {
    return readReply(tokenReply, call, reply);
  } catch (error) {
    if (!isAcronisError(error)) throw error;
    throw new AcronisError('unavailable', call.operation, error.facts);
  }
}

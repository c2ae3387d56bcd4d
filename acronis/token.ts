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
/** What the vendor documents; used only if a reply says neither `expires_on` nor `expires_in`. */
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
  /** A token good for 15 more minutes, or a fresh one. All who ask at once share one request. */
  current(signal?: AbortSignal): Promise<string>;
  /** Forgets a token that was refused, unless it has been replaced already. */
  drop(refused: string): void;
}

/** A token as it was issued. */
export interface IssuedToken {
  value: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Keeps the token that `issue` gives until 15 minutes before it expires. */
export function createTokens(issue: () => Promise<IssuedToken>, now: () => number): Tokens {
  let held: { value: string; goodUntil: number } | undefined;
  let inFlight: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const { value, expiresAt } = await issue();
    held = { value, goodUntil: expiresAt - RENEW_AHEAD_MS };
    return value;
  }

  return {
    async current(signal) {
      signal?.throwIfAborted();
      if (held !== undefined && now() < held.goodUntil) return held.value;
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
  now: () => number;
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
  const lifeMs = expires_in === null ? USUAL_LIFE_MS : expires_in * 1000;
  return { value, expiresAt: expires_on === null ? now + lifeMs : expires_on * 1000 };
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

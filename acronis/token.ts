import { z } from 'zod';
import type { Redaction } from './redaction.js';
import { refusalOf } from './refusal.js';
import { readReply } from './reply.js';
import { unlessAborted } from './waiting.js';
import type { Wire } from './wire.js';

const RENEW_AHEAD_MS = 15 * 60_000;
/** What the vendor documents; used only if a reply says neither `expires_on` nor `expires_in`. */
const USUAL_LIFE_MS = 2 * 3_600_000;

const tokenReply = z.object({
  access_token: z.string().min(1),
  /** Unix seconds. */
  expires_on: z.number().optional(),
  /** Seconds. */
  expires_in: z.number().optional(),
});

/** Access tokens of one API client, in memory only. */
export interface Tokens {
  /** A token good for 15 more minutes, or a fresh one. All who ask at once share one request. */
  current(signal?: AbortSignal): Promise<string>;
  /** Forgets a token that was refused, unless it has been replaced already. */
  drop(refused: string): void;
}

export interface TokensOptions {
  wire: Wire;
  redaction: Redaction;
  clientId: string;
  clientSecret: string;
  now: () => number;
}

/**
 * Gets tokens by client credentials (form body, Basic client authentication).
 * Fails with `credentials` when the client is refused, otherwise as any call. Repeating only issues another token.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (authentication)
 */
export function createTokens({ wire, redaction, clientId, clientSecret, now }: TokensOptions): Tokens {
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const call = { operation: 'idp.token', route: 'POST /idp/token', authenticates: true };
  let held: { value: string; goodUntil: number } | undefined;
  let inFlight: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    const reply = await wire({ ...call, authorization: basic, form });
    if (reply.status < 200 || reply.status >= 300) throw refusalOf(call, reply, redaction);
    const token = readReply(tokenReply, call, reply);
    const expiresAt =
      token.expires_on === undefined
        ? now() + (token.expires_in === undefined ? USUAL_LIFE_MS : token.expires_in * 1000)
        : token.expires_on * 1000;
    redaction.remember(token.access_token);
    held = { value: token.access_token, goodUntil: expiresAt - RENEW_AHEAD_MS };
    return token.access_token;
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

import ky from 'ky';
import { Webhook } from 'standardwebhooks';
import { fetchThrough, retryAfterMs } from '../../acronis/index.js';
import { fetchPublic } from './public-network.js';

const TIMEOUT_MS = 20_000;

/** An answer that is no success. `code` is like `HTTP_500`; the message holds no address, which may contain a token. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  readonly code: string;

  constructor(
    readonly status: number,
    /** For how long the receiver asks to wait. */
    readonly retryAfterMs?: number,
  ) {
    super('the webhook was refused');
    this.code = `HTTP_${status}`;
  }
}

export interface Webhooks {
  url: string;
  /** As `http://login:password@host:port`; undefined for a direct connection. */
  proxy?: string | undefined;
  /** True: an address in a private network fails with the code `PRIVATE_ADDRESS`, also one that has a public name. */
  onlyPublic?: boolean;
  timeoutMs?: number;
}

/** Posts a body of JSON, once. */
export type PostJson = (body: string, headers?: Record<string, string>) => Promise<void>;

/**
 * Opens a webhook. A post fails with `WebhookRefused` for any answer but a success, and when there is no answer within
 * 20 s. A redirect is not followed and counts as a refusal.
 */
export function openWebhook({ url, proxy, onlyPublic = false, timeoutMs = TIMEOUT_MS }: Webhooks): PostJson {
  const fetch = onlyPublic ? fetchPublic(url, proxy) : fetchThrough(proxy);
  return async (body, more = {}) => {
    const headers = { 'content-type': 'application/json', ...more };
    const how = { timeout: timeoutMs, retry: 0, redirect: 'manual', throwHttpErrors: false, fetch } as const;
    const answer = await ky.post(url, { body, headers, ...how });
    await answer.body?.cancel();
    if (!answer.ok)
      throw new WebhookRefused(answer.status, retryAfterMs(answer.headers.get('retry-after'), Date.now(), Infinity));
  };
}

/** Posts a signed body, once. `id` is the same for each try, so that the receiver can drop duplicates. */
export type PostSigned = (message: { id: string; body: string }, now?: Date) => Promise<void>;

/**
 * Opens a webhook that signs what it posts with each of the secrets: two while one is replaced. For the rest see
 * `openWebhook`. Who takes an address from a person checks it by `webhookAddressProblem` first.
 * @see https://www.standardwebhooks.com/
 */
export function openSignedWebhook({ secrets, ...to }: Webhooks & { secrets: readonly string[] }): PostSigned {
  const post = openWebhook(to);
  const signers = secrets.map((secret) => new Webhook(secret));
  return async ({ id, body }, now = new Date()) =>
    await post(body, {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': signers.map((signer) => signer.sign(id, now, body)).join(' '),
    });
}

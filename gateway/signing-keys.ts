import { ProxyAgent } from 'undici';
import { z } from 'zod';
import { Limit } from './limit.js';
import { parseJson } from '../contract/json.js';
import { limitedText } from '../sources/limited-text.js';

const TIMEOUT_MS = 1000;
const KEPT_MS = 5 * 60_000;
const MOST_KEPT = 500;
const MOST_AT_ONCE = 16;
const MOST_BYTES = 64 * 1024;

const published = z.object({ signing_key: z.string().min(1) });

/** Fetches what a sender publishes. Throws unless it is there within a second. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/**
 * The keys that a sender publishes at an address: fetched over https, without a redirect, and kept for five minutes. The
 * caller decides which hosts may be asked.
 */
export class SigningKeys {
  private readonly kept = new Map<string, { key: Promise<string>; until: number }>();
  private readonly limit = new Limit(MOST_AT_ONCE);

  constructor(private readonly fetch: Fetch) {}

  /** The key at this address. Rejects when it cannot be had now; the next call then asks again. */
  async get(url: URL): Promise<string> {
    if (url.protocol !== 'https:') throw new Error('its address is not https');
    const { href } = url;
    const there = this.kept.get(href);
    if (there !== undefined && there.until > Date.now()) return await there.key;
    const key = this.ask(url);
    this.keep(href, key);
    return await key;
  }

  private async ask(url: URL): Promise<string> {
    const key = await this.limit.run(async () => await fetchKey(url, this.fetch));
    if (key === undefined) throw new Error('too many keys are being fetched');
    return key;
  }

  /** Also while it is fetched, so that simultaneous deliveries ask once. */
  private keep(href: string, key: Promise<string>): void {
    this.kept.delete(href);
    this.kept.set(href, { key, until: Date.now() + KEPT_MS });
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT) this.kept.delete(oldest!);
    key.catch(() => {
      if (this.kept.get(href)?.key === key) this.kept.delete(href);
    });
  }
}

/** Node's own fetch, through the proxy that the settings name for the address. */
export function fetchThroughProxy(proxyFor: (address: string) => string | undefined): Fetch {
  const agents = new Map<string, ProxyAgent>();
  return async (url, init) => {
    const proxy = proxyFor(url.href);
    if (proxy === undefined) return await fetch(url, init);
    const dispatcher = agents.get(proxy) ?? new ProxyAgent(proxy);
    agents.set(proxy, dispatcher);
    const through: object = { dispatcher };
    return await fetch(url, { ...init, ...through });
  };
}

async function fetchKey(url: URL, fetchUrl: Fetch): Promise<string> {
  const headers = { accept: 'application/json' };
  const reply = await fetchUrl(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await limitedText(reply, MOST_BYTES);
  if (text === undefined) throw new Error('its address answers more than 64 KiB');
  if (reply.status !== 200) throw new Error(`its address answers ${reply.status}`);
  const parsed = published.safeParse(parseJson(text));
  if (!parsed.success) throw new Error('its address answers without a key');
  return parsed.data.signing_key;
}

import { ProxyAgent } from 'undici';

/**
 * Fetch through an HTTP proxy, given as `http://login:password@host:port`, or directly without one. Node's own fetch
 * takes proxies from the environment only from version 24 on.
 * @see https://undici.nodejs.org/#/docs/api/ProxyAgent
 */
export function fetchThrough(proxy: string | undefined): typeof fetch {
  if (proxy === undefined) return async (input, init) => await globalThis.fetch(input, init);
  // no tunnel for http: addresses: proxies seldom allow one
  const through: object = { dispatcher: new ProxyAgent({ uri: proxy, proxyTunnel: false }) };
  return async (input, init) => await globalThis.fetch(input, { ...init, ...through });
}

/** The code of a failure of our own proxy, which has passed nothing on. */
export const PROXY_REFUSED = 'PROXY_REFUSED';

/** The status with which the proxy refused to pass a call on; undefined for any other error of fetch. */
export function proxyRefusal(error: unknown): string | undefined {
  const { message, cause } = (error ?? {}) as { message?: unknown; cause?: unknown };
  const [, status] = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(String(message)) ?? [];
  return status ?? (cause === undefined ? undefined : proxyRefusal(cause));
}

/**
 * Fetch through an HTTP proxy, given as `http://login:password@host:port`, or directly without one. Node's own fetch
 * takes proxies from the environment only from version 24 on.
 * @see https://undici.nodejs.org/#/docs/api/ProxyAgent
 */
export function fetchThrough(proxy: string | undefined): typeof fetch {
  if (proxy === undefined) return async (input, init) => await globalThis.fetch(input, init);
  let through: Promise<object> | undefined;
  return async (input, init) =>
    await globalThis.fetch(input, { ...init, ...(await (through ??= dispatcherTo(proxy))) });
}

/** Undici is large and needed only here, so commands without a proxy do not load it. */
async function dispatcherTo(uri: string): Promise<object> {
  const { ProxyAgent } = await import('undici');
  // no tunnel for http: addresses: proxies seldom allow one
  return { dispatcher: new ProxyAgent({ uri, proxyTunnel: false }) };
}

/** The code of a failure of our own proxy, which has passed nothing on. */
export const PROXY_REFUSED = 'PROXY_REFUSED';

/** The status with which the proxy refused to pass a call on; undefined for any other error of fetch. */
export function proxyRefusal(error: unknown): string | undefined {
  const { message, cause } = (error ?? {}) as { message?: unknown; cause?: unknown };
  const [, status] = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(String(message)) ?? [];
  return status ?? (cause === undefined ? undefined : proxyRefusal(cause));
}

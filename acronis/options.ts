/** What it takes to talk to one cloud. */
export interface AcronisOptions {
  /** Origin of the cloud without path, e.g. `https://eu2-cloud.acronis.com`. */
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  /** Version of this product, told to the cloud in the User-Agent. */
  version: string;
  /** Milliseconds for one exchange, from sending to the last byte of the answer. 20 000 unless given. */
  timeoutMs?: number | undefined;
  /** Milliseconds since 1970; only what the cloud tells as a date is compared with it. For tests. */
  now?: (() => number) | undefined;
  /** Milliseconds since any moment, by a clock that nobody sets: for all durations. For tests. */
  monotonic?: (() => number) | undefined;
  fetch?: typeof fetch | undefined;
}

/** Refuses options that could not work, naming the option and the remedy, never a secret. */
export function checkOptions({ baseUrl, clientId, clientSecret, timeoutMs }: AcronisOptions): void {
  if (clientId === '') throw new Error('Acronis option clientId is empty. Give the id of an API client.');
  if (clientSecret === '') throw new Error('Acronis option clientSecret is empty. Give the secret of the API client.');
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new Error('Acronis option timeoutMs must be a positive number of milliseconds.');
  }
  const problem = originProblem(baseUrl);
  if (problem !== undefined) throw new Error(`Acronis option baseUrl ${problem}`);
}

/** Why this cannot be the origin of a cloud, with the remedy; undefined when it can. */
export function originProblem(baseUrl: string): string | undefined {
  const remedy = 'Give the origin of the data centre and nothing else, e.g. https://eu2-cloud.acronis.com';
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    return `is not an http(s) URL. ${remedy}`;
  }
  if (url.username !== '' || url.password !== '') {
    return `contains credentials. ${remedy}`;
  }
  if (/\/api\/2\/?$/.test(url.pathname)) {
    return `ends in /api/2, which is added by itself. ${remedy}`;
  }
  if (baseUrl.endsWith('/')) return `ends in a slash. ${remedy}`;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return `has a path or query. ${remedy}`;
  }
  return undefined;
}

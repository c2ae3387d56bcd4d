import { originProblem } from '../contract/origin.js';

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

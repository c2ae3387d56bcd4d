import ky, { type KyInstance } from 'ky';
import { SourceApiError, type ApiAnswer, type ApiRequest, type Ask } from './source-api.js';
import { parseJson } from '../../contract/json.js';
import { limitedText } from '../limited-text.js';

/** From sending to the last byte, in milliseconds. */
const TIMEOUT_MS = 20_000;
/** After decompression. A page of a hundred subscriptions has less than one. */
const MOST_BYTES = 8 * 1024 * 1024;
/** A sender's clock that differs more from ours is not believed: facts from the future are refused. */
const MOST_SKEW_MS = 5 * 60_000;
/** A sender that asks for a longer pause is asked again after this one. */
const LONGEST_PAUSE_MS = 60 * 60_000;

export interface ApiOptions {
  /** Its path, if it has one, stands before the path of each call. */
  address: string;
  headers: Readonly<Record<string, string>>;
  fetch: typeof fetch;
  /** When aborted, calls in flight are cut off. */
  signal?: AbortSignal;
  timeoutMs?: number;
}

/**
 * Opens a sender's API. Calls go to its address only: a redirect is an error. Each has a time limit and a size limit,
 * and is sent once.
 */
export function openApi({ address, headers, fetch, signal, timeoutMs = TIMEOUT_MS }: ApiOptions): Ask {
  const http = ky.create({
    prefixUrl: address,
    headers: { accept: 'application/json', ...headers },
    fetch,
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    redirect: 'manual',
  });
  return async (request) => {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      return await send(http, request, AbortSignal.any([limit, ...(signal ? [signal] : [])]));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof SourceApiError) throw error;
      const { code } = (error as { cause?: { code?: string } }).cause ?? {};
      const why = limit.aborted
        ? `it did not answer within ${timeoutMs} ms`
        : `it does not answer: ${code ?? 'failed'}`;
      throw new SourceApiError('unavailable', why);
    }
  };
}

async function send(http: KyInstance, request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
  const { path, query, headers, json } = request;
  const searchParams = Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]);
  const response = await http(path, {
    method: json === undefined ? 'GET' : 'POST',
    signal,
    ...(searchParams.length > 0 && { searchParams }),
    ...(headers && { headers }),
    ...(json !== undefined && { json }),
  });
  const text = await limitedText(response, MOST_BYTES);
  if (text === undefined) throw new SourceApiError('unreadable', `it answers more than ${MOST_BYTES / 1024 ** 2} MiB`);
  const body = parseJson(text);
  if (!response.ok) throw refusal(response, body);
  if (body === undefined) throw new SourceApiError('unreadable', `it answers ${response.status} without JSON`);
  return { body, at: momentOf(response) };
}

/** Only the sender's own word, which is JSON, says that an object is gone: a proxy answers 404 too. */
function refusal({ status, headers }: Response, body: unknown): SourceApiError {
  const answers = `it answers ${status}`;
  if (status >= 300 && status < 400) return new SourceApiError('unreadable', `${answers}, and no redirect is followed`);
  if (status === 404 && body !== undefined) return new SourceApiError('gone', answers);
  if (status === 401 || status === 403) return new SourceApiError('credentials', `${answers}: check apiKey`);
  const pause = pauseMs(headers);
  if (status === 429) return new SourceApiError('throttled', `${answers}: too many calls`, pause);
  if (status >= 500 || status === 408) return new SourceApiError('unavailable', answers, pause);
  return new SourceApiError(status === 400 && body !== undefined ? 'rejected' : 'unreadable', answers);
}

/** What `Retry-After` asks for: seconds, or a date. */
function pauseMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_PAUSE_MS, Math.max(0, ms));
}

/** The whole second in which the sender answered, so that what happens in the rest of it is newer. */
function momentOf({ headers }: Response): string {
  const ours = Date.now();
  const theirs = Date.parse(headers.get('date') ?? '');
  return new Date(Math.abs(theirs - ours) <= MOST_SKEW_MS ? theirs : ours).toISOString();
}

import ky, { type KyInstance } from 'ky';
import { stringify } from 'lossless-json';
import { abortable } from './abort.js';
import type { CallBucket, CallTurn } from './call-bucket.js';
import { MOST_BYTES, MOST_ERROR_BYTES, partsOf, readText } from './body.js';
import { AcronisError } from './errors.js';
import { noAnswerReason, safeCause } from './no-answer.js';
import { PROXY_REFUSED, proxyRefusal } from './proxied-fetch.js';
import { retryAfterMs, type RateLimiter } from './rate-limiter.js';
import { turnInBudget } from './turn-in-budget.js';

/** One HTTP request. */
export interface HttpRequest {
  operation: string;
  /** Verb and path with `{id}`, e.g. `PUT /tenants/{id}`; below `/api/2` unless the path begins with `/api/`. */
  route: string;
  /** Replaces `{id}`; in the order of the path if there are several. */
  id?: string | readonly string[] | undefined;
  /** Authenticates the request: an authorization or a cookie. */
  headers: Record<string, string>;
  /** The Accept header. Default: JSON. */
  accept?: string | undefined;
  /** Returns the body of a success as it arrives. */
  streamed?: boolean | undefined;
  query?: Record<string, string | number | boolean | undefined> | undefined;
  json?: unknown;
  form?: URLSearchParams | undefined;
  /** Called once nothing is waited for any more. When it rejects, the request is not sent, and fails with that error. */
  beforeSending?: (() => Promise<void>) | undefined;
  /** When aborted, the request is not sent, or cut off. */
  signal?: AbortSignal | undefined;
  /** Once sent, the request is not cut off by its signal. */
  answerAwaited?: boolean | undefined;
  /** Where it stands among the calls that wait for the budget. Default: before all bulk calls. */
  turn?: Omit<CallTurn, 'signal'> | undefined;
}

/** An answer, whatever its status. */
export interface HttpResponse {
  status: number;
  /** Empty when the body is streamed. */
  text: string;
  /**
   * The streamed body of a success, decompressed. Must be read to its end or left, and fails as the request does. Its
   * time limit applies to each part.
   */
  body?: AsyncIterable<Uint8Array>;
  /** Size of a compressed answer as sent, if the answer states it. */
  compressedSize?: number;
  requestId?: string;
  retryAfterMs?: number;
  /** The cloud's own time, milliseconds since 1970. */
  answeredAt?: number;
  /** Cookies that the answer sets, in the form of a Cookie header. */
  cookie?: string;
}

/** Sends one request and reads its whole answer, unless that is streamed. Never repeats anything. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export interface TransportOptions {
  baseUrl: string;
  version: string;
  timeoutMs: number;
  now: () => number;
  fetch: typeof fetch;
  rateLimiter: RateLimiter;
  /** The budget of this process. None: calls wait for none. */
  budget?: CallBucket | undefined;
}

/**
 * The only place that sends requests: one ky instance without retries, on fetch's kept-alive connections. Fails with
 * `unavailable` when there is no complete answer in time, with `unreadable` when it is larger than 16 MiB, and with
 * `throttled` when an earlier 429 still forbids sending. An aborted signal throws its own reason. A request waits for its
 * budget as long as it takes.
 */
export function createTransport(options: TransportOptions): Transport {
  const { baseUrl, version, timeoutMs, now, fetch, rateLimiter, budget } = options;
  const http = ky.create({
    prefixUrl: baseUrl,
    fetch,
    retry: 0,
    // ky's own timeout ends with the headers; ours covers the body too
    timeout: false,
    throwHttpErrors: false,
    redirect: 'manual',
    headers: { 'user-agent': `Tenantry/${version} (+durable provisioning; node ${process.versions.node})` },
  });
  return async (request) => {
    if (budget !== undefined) await turnInBudget(budget, rateLimiter, { ...request.turn, signal: request.signal });
    const permit = await permitToSend(request, rateLimiter).catch((error: unknown) => {
      budget?.giveBack();
      throw error;
    });
    const response = toHttpResponse(await exchange(http, request, timeoutMs), now);
    if (response.status === 429) rateLimiter.onThrottled(permit.grantedAt, response.retryAfterMs);
    else rateLimiter.onServed();
    return response;
  };
}

/** Waits until the cloud and the caller have nothing against sending it. */
async function permitToSend(request: HttpRequest, rateLimiter: RateLimiter): Promise<{ grantedAt: number }> {
  const permit = await rateLimiter.acquire(request.signal);
  if ('refusedForMs' in permit) throw toThrottledError(request, permit.refusedForMs);
  request.signal?.throwIfAborted();
  await request.beforeSending?.();
  request.signal?.throwIfAborted();
  return permit;
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body?: AsyncIterable<Uint8Array>;
}

function toHttpResponse({ status, headers, text, body }: Answer, now: () => number): HttpResponse {
  const response: HttpResponse = { status, text };
  if (body !== undefined) response.body = body;
  if (headers.has('content-encoding') && headers.has('content-length'))
    response.compressedSize = Number(headers.get('content-length'));
  const requestId = headers.get('x-request-id') ?? headers.get('x-correlation-id');
  if (requestId !== null && /^[\w.:-]{1,100}$/.test(requestId)) response.requestId = requestId;
  const answeredAt = Date.parse(headers.get('date') ?? '');
  if (!Number.isNaN(answeredAt)) response.answeredAt = answeredAt;
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  if (cookies.length > 0) response.cookie = cookies.join('; ');
  const waitMs = status >= 400 ? retryAfterMs(headers.get('retry-after'), response.answeredAt ?? now()) : undefined;
  if (waitMs !== undefined) response.retryAfterMs = waitMs;
  return response;
}

async function exchange(http: KyInstance, request: HttpRequest, timeoutMs: number): Promise<Answer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const cutOff = request.answerAwaited ? undefined : request.signal;
  const signal = AbortSignal.any(cutOff === undefined ? [deadline.signal] : [cutOff, deadline.signal]);
  const failure = (error: unknown): unknown => {
    // Temporal recognises a cancellation by the very reason of its signal
    if (cutOff?.aborted) return cutOff.reason;
    return toUnavailableError(request, error, deadline.signal.aborted ? timeoutMs : undefined);
  };
  try {
    const { body, ...answer } = await abortable(send(http, request, signal), signal);
    if (body === undefined) return answer;
    const parts = partsOf(body, { idleMs: timeoutMs, onIdle: () => deadline.abort() });
    return { ...answer, body: failingWith(failure, parts) };
  } catch (error) {
    throw failure(error);
  } finally {
    clearTimeout(timer);
  }
}

async function* failingWith(failure: (error: unknown) => unknown, parts: AsyncIterable<Uint8Array>) {
  try {
    yield* parts;
  } catch (error) {
    throw failure(error);
  }
}

type Sent = Omit<Answer, 'body'> & { body?: Response['body'] };

async function send(http: KyInstance, request: HttpRequest, signal: AbortSignal): Promise<Sent> {
  const [method = 'GET', path = '/'] = request.route.split(' ');
  const ids = [request.id ?? []].flat();
  const filled = path.replaceAll('{id}', () => toPathSegment(request, ids.shift()));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const headers = new Headers({ accept: request.accept ?? 'application/json', ...request.headers });
  // what a cache between us has kept may be older than the last change
  if (method === 'GET') headers.set('cache-control', 'no-cache');
  const response = await http((filled.startsWith('/api/') ? filled : `/api/2${filled}`).slice(1), {
    method,
    signal,
    headers,
    ...(query.size === 0 ? {} : { searchParams: query }),
    ...(request.form === undefined ? {} : { body: request.form }),
    ...(method === 'GET' || request.form !== undefined ? {} : streamJson(headers, request.json)),
  });
  const { status, headers: answered, ok } = response;
  if (request.streamed === true && ok) return { status, headers: answered, text: '', body: response.body };
  const { text, isCut } = await readText(response, ok ? MOST_BYTES : MOST_ERROR_BYTES);
  if (isCut && ok) {
    const reason = `it is larger than ${MOST_BYTES / 1024 ** 2} MiB`;
    throw new AcronisError('unreadable', request.operation, { route: request.route, status, reason });
  }
  return { status, headers: answered, text };
}

/**
 * The body of a change, as a stream. Fetch repeats a call that is answered 421 by itself if it can send the body again.
 * That could send a second mail; a stream cannot be sent again.
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
function streamJson(headers: Headers, json: unknown): { body: ReadableStream; duplex: 'half' } {
  const bytes = new TextEncoder().encode(stringify(json));
  if (json !== undefined) headers.set('content-type', 'application/json');
  headers.set('content-length', String(bytes.length));
  return { body: new Blob([bytes]).stream(), duplex: 'half' };
}

function toPathSegment({ operation, route }: HttpRequest, id: string | undefined): string {
  // an empty or dotted segment would silently address another resource
  if (id === undefined || /^\.{0,2}$/.test(id)) {
    throw new AcronisError('rejected', operation, { route, reason: 'the id is empty or not an id; nothing was sent' });
  }
  return encodeURIComponent(id);
}

function toThrottledError({ operation, route }: HttpRequest, waitMs: number): AcronisError {
  const reason = `the cloud asked for a pause; ${Math.ceil(waitMs / 1000)} s remain`;
  return new AcronisError('throttled', operation, { route, retryAfterMs: waitMs, reason });
}

function toUnavailableError({ operation, route }: HttpRequest, error: unknown, lateMs: number | undefined): unknown {
  if (error instanceof AcronisError) return error;
  const refusal = proxyRefusal(error);
  if (refusal !== undefined) {
    const reason = `the proxy refused it with ${refusal}: check HTTPS_PROXY and HTTP_PROXY`;
    return new AcronisError('unavailable', operation, { route, reason }, { cause: { code: PROXY_REFUSED } });
  }
  const cause = lateMs === undefined ? safeCause(error) : { name: 'TimeoutError', code: 'ETIMEDOUT' };
  const why = cause.code === undefined ? (fetchMessage(error) ?? cause.name) : noAnswerReason(cause.code);
  const reason = lateMs === undefined ? why : `none within ${lateMs} ms`;
  return new AcronisError('unavailable', operation, { route, reason }, { cause });
}

/**
 * Fetch itself refuses some addresses, such as one with a blocked port ("bad port"), without a code. Its messages name
 * nothing secret.
 */
function fetchMessage(error: unknown): string | undefined {
  const { message } = (error as { cause?: { message?: unknown } | null } | null)?.cause ?? {};
  return typeof message === 'string' && /^[a-z]+( [a-z]+){1,4}$/.test(message) ? message : undefined;
}

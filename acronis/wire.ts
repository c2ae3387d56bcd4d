import ky, { type KyInstance } from 'ky';
import { stringify } from 'lossless-json';
import { AcronisError } from './errors.js';
import { retryAfterMs, type Pace } from './pace.js';
import { unlessAborted } from './waiting.js';

/** One HTTP exchange to be made. */
export interface WireRequest {
  operation: string;
  /** Verb and path with `{id}`, e.g. `PUT /tenants/{id}`; below `/api/2` unless the path begins with `/api/`. */
  route: string;
  /** What stands for `{id}`; in the order of the path where there are several. */
  id?: string | readonly string[] | undefined;
  /** What lets the request in: an authorization or a cookie. */
  headers: Record<string, string>;
  /** What answers are wanted; JSON unless given. */
  accept?: string | undefined;
  /** A success is wanted byte for byte. */
  asBytes?: boolean | undefined;
  query?: Record<string, string | number | boolean | undefined> | undefined;
  json?: unknown;
  form?: URLSearchParams | undefined;
  signal?: AbortSignal | undefined;
}

/** An answer, whatever its status. */
export interface WireReply {
  status: number;
  /** Empty where bytes were asked for. */
  text: string;
  bytes?: Uint8Array;
  /** Bytes on the wire, where the answer came packed and says so. */
  packedBytes?: number;
  requestId?: string;
  retryAfterMs?: number;
  /** The cloud's own time, milliseconds since 1970. */
  answeredAt?: number;
  /** Cookies that the answer sets, as they are sent back. */
  cookie?: string;
}

/** Sends one request and reads its whole answer. Never repeats anything. */
export type Wire = (request: WireRequest) => Promise<WireReply>;

export interface WireOptions {
  baseUrl: string;
  version: string;
  timeoutMs: number;
  now: () => number;
  fetch: typeof fetch;
  pace: Pace;
}

/**
 * The one way out of this room: the only ky instance, without retries, on fetch's kept-alive connections.
 * Fails with `unavailable` when there is no whole answer in time, and with `throttled` when an earlier 429
 * still forbids sending. An aborted signal throws its own reason.
 */
export function createWire({ baseUrl, version, timeoutMs, now, fetch, pace }: WireOptions): Wire {
  const http = ky.create({
    prefixUrl: baseUrl,
    fetch,
    retry: 0,
    // ky's own timeout ends with the headers; ours covers the body too.
    timeout: false,
    throwHttpErrors: false,
    redirect: 'manual',
    headers: { 'user-agent': `Tenantry/${version} (+durable provisioning; node ${process.versions.node})` },
  });
  return async (request) => {
    const admission = await pace.admit(request.signal);
    if ('refusedForMs' in admission) throw notSent(request, admission.refusedForMs);
    const { status, headers, text, bytes } = await exchange(http, request, timeoutMs);
    const reply: WireReply = { status, text };
    if (bytes !== undefined) reply.bytes = bytes;
    if (headers.has('content-encoding') && headers.has('content-length'))
      reply.packedBytes = Number(headers.get('content-length'));
    const requestId = headers.get('x-request-id') ?? headers.get('x-correlation-id');
    if (requestId !== null && /^[\w.:-]{1,100}$/.test(requestId)) reply.requestId = requestId;
    const answeredAt = Date.parse(headers.get('date') ?? '');
    if (!Number.isNaN(answeredAt)) reply.answeredAt = answeredAt;
    const cookies = headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    if (cookies.length > 0) reply.cookie = cookies.join('; ');
    const wait = status >= 400 ? retryAfterMs(headers.get('retry-after'), reply.answeredAt ?? now()) : undefined;
    if (wait !== undefined) reply.retryAfterMs = wait;
    if (status === 429) pace.throttled(admission.admittedAt, wait);
    else pace.served();
    return reply;
  };
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  bytes?: Uint8Array;
}

async function exchange(http: KyInstance, request: WireRequest, timeoutMs: number): Promise<Answer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const signals = request.signal === undefined ? [deadline.signal] : [request.signal, deadline.signal];
  const signal = AbortSignal.any(signals);
  try {
    return await unlessAborted(send(http, request, signal), signal);
  } catch (error) {
    // Temporal recognises a cancellation by the very reason of its signal.
    request.signal?.throwIfAborted();
    throw noAnswer(request, error, deadline.signal.aborted ? timeoutMs : undefined);
  } finally {
    clearTimeout(timer);
  }
}

async function send(http: KyInstance, request: WireRequest, signal: AbortSignal): Promise<Answer> {
  const [method = 'GET', path = '/'] = request.route.split(' ');
  const ids = [request.id ?? []].flat();
  const filled = path.replaceAll('{id}', () => pathSegment(request, ids.shift()));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const headers = new Headers({ accept: request.accept ?? 'application/json', ...request.headers });
  const response = await http((filled.startsWith('/api/') ? filled : `/api/2${filled}`).slice(1), {
    method,
    signal,
    headers,
    ...(query.size === 0 ? {} : { searchParams: query }),
    ...(request.form === undefined ? {} : { body: request.form }),
    ...(method === 'GET' || request.form !== undefined ? {} : sentOnce(headers, request.json)),
  });
  const answer = { status: response.status, headers: response.headers };
  if (request.asBytes !== true || !response.ok) return { ...answer, text: await response.text() };
  return { ...answer, text: '', bytes: new Uint8Array(await response.arrayBuffer()) };
}

/**
 * The body of a change, as a stream: fetch sends what it can send again once more by itself when it is answered 421, and that may send a second mail.
 * @see https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
 */
function sentOnce(headers: Headers, json: unknown): { body: ReadableStream; duplex: 'half' } {
  const bytes = new TextEncoder().encode(stringify(json));
  if (json !== undefined) headers.set('content-type', 'application/json');
  headers.set('content-length', String(bytes.length));
  return { body: new Blob([bytes]).stream(), duplex: 'half' };
}

function pathSegment({ operation, route }: WireRequest, id: string | undefined): string {
  // An empty or dotted segment would quietly address another resource.
  if (id === undefined || /^\.{0,2}$/.test(id)) {
    throw new AcronisError('rejected', operation, { route, reason: 'the id is empty or not an id; nothing was sent' });
  }
  return encodeURIComponent(id);
}

function notSent({ operation, route }: WireRequest, waitMs: number): AcronisError {
  const reason = `the cloud asked for a pause of which ${Math.ceil(waitMs / 1000)} s remain`;
  return new AcronisError('throttled', operation, { route, retryAfterMs: waitMs, reason });
}

function noAnswer({ operation, route }: WireRequest, error: unknown, lateMs: number | undefined): unknown {
  if (error instanceof AcronisError) return error;
  const cause = lateMs === undefined ? bareCause(error) : { name: 'TimeoutError', code: 'ETIMEDOUT' };
  const reason = lateMs === undefined ? (cause.code ?? fetchsWords(error) ?? cause.name) : `none within ${lateMs} ms`;
  return new AcronisError('unavailable', operation, { route, reason }, { cause });
}

/** Fetch itself refuses some addresses, such as one with a port that it never calls ("bad port"), and gives no code. Its words name nothing. */
function fetchsWords(error: unknown): string | undefined {
  const { message } = (error as { cause?: { message?: unknown } | null } | null)?.cause ?? {};
  return typeof message === 'string' && /^[a-z]+( [a-z]+){1,4}$/.test(message) ? message : undefined;
}

/** What of an error may be kept: fetch's and ky's carry the request with its address, headers and query; only name and code may travel on. */
export function bareCause(error: unknown): { name: string; code?: string } {
  const { name, code, cause } = (error ?? {}) as { name?: unknown; code?: unknown; cause?: { code?: unknown } | null };
  const found = [cause?.code, code].find((each) => typeof each === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(each));
  const bare = { name: typeof name === 'string' && /^\w{1,40}$/.test(name) ? name : 'Error' };
  return typeof found === 'string' ? { ...bare, code: found } : bare;
}

import type { z } from 'zod';
import { bearerToken, type Credentials } from './credentials.js';
import { mayHaveHadEffect } from './effect.js';
import { isAcronisError } from './errors.js';
import type { Redaction } from './redaction.js';
import { mayBeFromVendor, toRefusalError } from './refusal.js';
import { isJson, readResponse } from './response.js';
import type { TokenSource } from './token.js';
import type { HttpRequest, HttpResponse, Transport } from './transport.js';

/** The attempt, for example of an activity, for which calls are made. */
export interface AttemptOptions {
  /**
   * When aborted, no call is sent any more, and a call in flight that only reads is cut off: both throw its reason,
   * unchanged. A call in flight that changes something still gets its answer.
   */
  signal?: AbortSignal | undefined;
  /** Called after each exchange; without `status` when there was no answer. Must not throw. */
  onCall?: ((call: CompletedCall) => void) | undefined;
  /** Called right before a call that may change something is sent, after all waiting. When it rejects, nothing is sent. */
  confirm?: (() => Promise<void>) | undefined;
  /** Called before each call. When it throws, the call is not sent and fails with that error. */
  beforeCall?: ((call: PendingCall) => void) | undefined;
  /** Where its calls stand among those that wait for the budget. Default: before all bulk calls. */
  turn?: HttpRequest['turn'];
}

/** A call that is about to be sent. Its body may hold secrets. */
export interface PendingCall extends Pick<Call, 'route' | 'id' | 'query' | 'json' | 'readOnly'> {
  /** False for a GET, which only reads. */
  changes: boolean;
}

/** One exchange with the cloud, as passed to `onCall`. Holds nothing secret. */
export interface CompletedCall {
  route: string;
  status?: number;
  requestId?: string;
  /** The cloud's own time, milliseconds since 1970. */
  answeredAt?: number;
  /** Whether it has changed something in the cloud. */
  effect: 'none' | 'maybe' | 'made';
}

/** One call of an endpoint. */
export interface Call {
  operation: string;
  route: string;
  id?: string | readonly string[];
  query?: Record<string, string | number | boolean | undefined>;
  json?: unknown;
  /** The Accept header. Default: JSON. */
  accept?: string;
  /** Returns the body of a success as it arrives, in `body` of the response instead of `text`. */
  streamed?: boolean;
  /** The answer holds whole numbers that JavaScript would round: they arrive as bigints. */
  exactNumbers?: boolean;
  /** Creates or restores an object whose name or login must be unique: 409 then means taken. */
  creates?: boolean;
  /** The only statuses of a success, which then has JSON or no body. Default: any 2xx. */
  successStatuses?: readonly number[];
  /** Statuses that are results here, not errors, unless a proxy has obviously sent them. */
  expectedStatuses?: readonly number[];
  /** Values of the body that must not appear in an error, even if the vendor echoes them. */
  secrets?: readonly string[];
  /** Sent instead of our own token. Not renewed when refused, because the refusal says nothing about our token. */
  credentials?: Credentials;
  /** Changes nothing that lasts, although it is not a GET. */
  readOnly?: boolean;
  /** Sent even when its attempt has been aborted, and not cut off: it closes what must not stay open. */
  ignoreAbort?: boolean;
}

/** Calls endpoints with a token and turns the answers into values or AcronisErrors. */
export interface HttpClient {
  /** Makes the call. Returns the response of a success, or of one of `expectedStatuses`. */
  send(call: Call): Promise<HttpResponse>;
  /** Makes the call and reads its answer. */
  read<Shape extends z.ZodType>(call: Call, shape: Shape): Promise<z.output<Shape>>;
}

interface Parts {
  transport: Transport;
  tokens: TokenSource;
  redaction: Redaction;
}

/** A client whose calls belong to one attempt. */
export function createHttpClient(parts: Parts, attempt: AttemptOptions): HttpClient {
  const send = async (call: Call) => await sendWithToken(parts, attempt, call);
  return { send, read: async (call, shape) => readResponse(shape, call, await send(call)) };
}

async function sendWithToken(parts: Parts, attempt: AttemptOptions, call: Call): Promise<HttpResponse> {
  const { tokens } = parts;
  if (call.ignoreAbort !== true) attempt.signal?.throwIfAborted();
  attempt.beforeCall?.({ ...call, changes: !call.route.startsWith('GET ') });
  if (call.credentials !== undefined) return exchange(parts, attempt, call, call.credentials);
  const token = await tokens.get(attempt.signal);
  try {
    const expectedStatuses = [...(call.expectedStatuses ?? []), 401];
    const response = await exchange(parts, attempt, { ...call, expectedStatuses }, bearerToken(token));
    if (response.status !== 401) return response;
  } catch (error) {
    // a proxy's 401 may come after the effect, so the call is not repeated here
    if (isAcronisError(error) && error.facts.status === 401) tokens.invalidate(token);
    throw error;
  }
  // when the vendor refuses a token nothing was done, so even a create may be sent once more
  tokens.invalidate(token);
  return exchange(parts, attempt, call, bearerToken(await tokens.get(attempt.signal)));
}

async function exchange(
  { transport, redaction }: Parts,
  { signal, onCall, confirm, turn }: AttemptOptions,
  call: Call,
  { headers, secrets }: Credentials,
): Promise<HttpResponse> {
  const { operation, route, id, query, json, accept, streamed } = call;
  const writes = !route.startsWith('GET ');
  const changes = writes && call.readOnly !== true;
  let response: HttpResponse | undefined;
  let effect = 'none' as CompletedCall['effect'];
  const beforeSending = async () => {
    if (writes && call.ignoreAbort !== true) await confirm?.();
    effect = changes ? 'maybe' : 'none';
  };
  try {
    const limits = call.ignoreAbort ? { beforeSending } : { beforeSending, signal, answerAwaited: changes, turn };
    response = await transport({ operation, route, id, query, json, accept, streamed, headers, ...limits });
    if (changes) effect = 'made';
    if (isSuccess(call, response)) return response;
    if (!isExpected(call, response, changes)) {
      const usesOtherCredentials = call.credentials !== undefined;
      const refused = { ...call, secrets: [...(call.secrets ?? []), ...secrets], usesOtherCredentials, changes };
      throw toRefusalError(refused, response, redaction);
    }
    effect = 'none';
    return response;
  } catch (error) {
    if (effect !== 'none') effect = isAcronisError(error) && !mayHaveHadEffect(error) ? 'none' : 'maybe';
    throw error;
  } finally {
    onCall?.(toCompletedCall(route, effect, response));
  }
}

/** A refusal that the caller knows how to take, if it may be the vendor's. */
function isExpected({ route, expectedStatuses }: Call, response: HttpResponse, changes: boolean): boolean {
  const isKnown = mayBeFromVendor(route, response) || (response.status === 401 && !changes);
  return isKnown && expectedStatuses?.includes(response.status) === true;
}

/**
 * An HTML page that nobody asked for comes from a gateway, and so does a success status that is not documented. The
 * vendor may never have received the call.
 */
function isSuccess({ accept, streamed, credentials, successStatuses }: Call, { status, text }: HttpResponse): boolean {
  if (successStatuses !== undefined) return successStatuses.includes(status) && (text === '' || isJson(text));
  const isPage = accept === undefined && streamed === undefined && credentials === undefined && /^\s*</.test(text);
  return status >= 200 && status < 300 && !isPage;
}

function toCompletedCall(
  route: string,
  effect: CompletedCall['effect'],
  { status, requestId, answeredAt }: Partial<HttpResponse> = {},
): CompletedCall {
  return {
    route,
    effect,
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(answeredAt === undefined ? {} : { answeredAt }),
  };
}

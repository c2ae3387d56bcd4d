import type { z } from 'zod';
import { mayHaveHadEffect } from './effect.js';
import { isAcronisError, type AcronisError } from './errors.js';
import { byToken, type Pass } from './pass.js';
import type { Redaction } from './redaction.js';
import { canBeVendors, refusalOf } from './refusal.js';
import { isJson, readReply } from './reply.js';
import type { Tokens } from './token.js';
import type { Wire, WireReply } from './wire.js';

/** The one attempt (an activity's, say) on whose behalf calls are made. */
export interface Attempt {
  /** When aborted, calls under way throw its reason, unchanged; whether they took effect is unknown. */
  signal?: AbortSignal | undefined;
  /** Told of each exchange once it is over; without `status` when there was no answer. Must not throw. */
  onCall?: ((call: AcronisCall) => void) | undefined;
  /** Asked before each call. A call for which it throws is not sent, and fails with what was thrown. */
  beforeCall?: ((call: CallToCome) => void) | undefined;
}

/** A call that is about to be sent. Its body may hold secrets. */
export interface CallToCome extends Pick<Call, 'route' | 'id' | 'query' | 'json' | 'looks'> {
  /** False when it surely only reads: for a GET. */
  changes: boolean;
}

/** One exchange with the cloud, as told to `onCall`. Holds nothing secret. */
export interface AcronisCall {
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
  /** What answers are wanted; JSON unless given. */
  accept?: string;
  /** A success is wanted byte for byte, in `bytes` of the reply instead of `text`. */
  asBytes?: boolean;
  /** The answer holds whole numbers that JavaScript would round: they come as bigints. */
  exact?: boolean;
  /** Makes, or brings back, an object whose name or login must be unique: 409 then means taken. */
  creates?: boolean;
  /** The statuses of a success, where nothing else tells one; it comes with JSON or nothing. Any 2xx unless given. */
  success?: readonly number[];
  /** Statuses that are answers here, not errors; unless it is plain that a proxy gave them. */
  answers?: readonly number[];
  /** Values of the body that must not appear in an error, should the vendor echo them. */
  secrets?: readonly string[];
  /** Lets the call in instead of our own token. It is not renewed when it is refused, which then says nothing of us. */
  pass?: Pass;
  /** Changes nothing that lasts although it is no GET. */
  looks?: boolean;
  /** Goes out even when its attempt has been aborted: it ends what must not stay open. */
  afterAbort?: boolean;
}

/** Calls endpoints with a token and turns what comes back into values or AcronisErrors. */
export interface Http {
  /** Makes the call; answers with the reply of a success, or of one of `answers`. */
  send(call: Call): Promise<WireReply>;
  /** Makes the call and reads its answer. */
  read<Shape extends z.ZodType>(call: Call, shape: Shape): Promise<z.output<Shape>>;
}

/** Binds wire and tokens to one attempt. */
export function createHttp(
  { wire, tokens, redaction }: { wire: Wire; tokens: Tokens; redaction: Redaction },
  { signal, onCall, beforeCall }: Attempt,
): Http {
  function refused(call: Call, pass: Pass, reply: WireReply): AcronisError {
    const secrets = [...(call.secrets ?? []), ...pass.secrets];
    return refusalOf(
      { ...call, secrets, byGuest: call.pass !== undefined, changes: mayChange(call) },
      reply,
      redaction,
    );
  }

  async function exchange(call: Call, pass: Pass): Promise<WireReply> {
    const { operation, route, id, query, json, accept, asBytes } = call;
    const { headers } = pass;
    let reply: WireReply | undefined;
    const changes = mayChange(call);
    let effect: AcronisCall['effect'] = changes ? 'maybe' : 'none';
    try {
      const bound = call.afterAbort ? undefined : signal;
      reply = await wire({ operation, route, id, query, json, accept, asBytes, headers, signal: bound });
      if (changes) effect = 'made';
      if (isSuccess(call, reply)) return reply;
      const isKnown = canBeVendors(route, reply) || (reply.status === 401 && !changes);
      const isAnswer = call.answers?.includes(reply.status) && isKnown;
      if (!isAnswer) throw refused(call, pass, reply);
      effect = 'none';
      return reply;
    } catch (error) {
      effect = changes && (!isAcronisError(error) || mayHaveHadEffect(error)) ? 'maybe' : 'none';
      throw error;
    } finally {
      onCall?.(told(route, effect, reply));
    }
  }

  async function send(call: Call): Promise<WireReply> {
    beforeCall?.({ ...call, changes: !call.route.startsWith('GET ') });
    if (call.pass !== undefined) return exchange(call, call.pass);
    const token = await tokens.current(signal);
    try {
      const reply = await exchange({ ...call, answers: [...(call.answers ?? []), 401] }, byToken(token));
      if (reply.status !== 401) return reply;
    } catch (error) {
      // A proxy's 401 may come after the effect: whoever tries again looks first.
      if (isAcronisError(error) && error.facts.status === 401) tokens.drop(token);
      throw error;
    }
    // A token that the vendor refused means that nothing was done, so even a create may be sent once more.
    tokens.drop(token);
    return exchange(call, byToken(await tokens.current(signal)));
  }

  return {
    send,
    read: async (call, shape) => readReply(shape, call, await send(call)),
  };
}

function mayChange({ route, looks }: Call): boolean {
  return !route.startsWith('GET ') && looks !== true;
}

/** A page where none was asked for is a gateway's, and so is a success that is not documented: the vendor may never have heard of the call. */
function isSuccess({ accept, asBytes, pass, success }: Call, { status, text }: WireReply): boolean {
  if (success !== undefined) return success.includes(status) && (text === '' || isJson(text));
  const isPage = accept === undefined && asBytes === undefined && pass === undefined && /^\s*</.test(text);
  return status >= 200 && status < 300 && !isPage;
}

function told(
  route: string,
  effect: AcronisCall['effect'],
  { status, requestId, answeredAt }: Partial<WireReply> = {},
): AcronisCall {
  return {
    route,
    effect,
    ...(status === undefined ? {} : { status }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(answeredAt === undefined ? {} : { answeredAt }),
  };
}

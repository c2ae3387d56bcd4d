import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiKey } from '../../../settings/api-keys.js';
import type { Logger } from '../../../telemetry/log.js';
import { keyOfRequest, type ApiParts } from '../parts.js';
import { Problem, problemOf } from '../problem.js';
import { eventsOf } from './events.js';
import { Places, type MostStreams } from './places.js';
import { leaveWhenUnseen } from './unseen.js';
import type { Listening } from './watches.js';

export interface StreamOptions {
  most: MostStreams;
  heartbeatMs: number;
  /** How often the keys of the streams are looked at: a key that is revoked counts no longer within ten seconds. */
  checkMs: number;
  /** How often it is looked whether keys still see what they hear of. */
  lookMs: number;
}

const usual: StreamOptions = { most: { ofKey: 50, inAll: 200 }, heartbeatMs: 15_000, checkMs: 1000, lookMs: 5000 };

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  // a proxy must pass on what it gets at once
  'x-accel-buffering': 'no',
  // nobody waits for this connection when the gateway stops
  connection: 'close',
};

interface OpenStream {
  key: ApiKey;
  leave(): void;
  stopLooking(): void;
}

/** The streams that clients have open. */
export class Streams {
  private readonly places: Places;
  private readonly open = new Set<OpenStream>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly parts: Pick<ApiParts, 'keys' | 'isStopping'> & { log: Pick<Logger, 'error'> },
    private readonly options: StreamOptions = usual,
  ) {
    this.places = new Places(options.most);
  }

  get count(): number {
    return this.places.count;
  }

  /**
   * Answers a request with a stream. It ends when the client leaves, when nothing can change any more, when the key of the
   * request is taken away, and when the gateway stops. Fails as 429 or 503 when there are too many.
   */
  async serve<Status>(
    request: FastifyRequest,
    reply: FastifyReply,
    join: (leaving: AbortSignal) => Promise<Listening<Status> | undefined>,
  ): Promise<FastifyReply> {
    const leaving = this.begin(request, reply);
    const listening = await join(leaving);
    if (listening === undefined) throw new Problem(503, 'Unavailable', 'The gateway is stopping. Try again.');
    if (leaving.aborted) listening.leave();
    leaving.addEventListener('abort', () => listening.leave());
    const inWords = (trouble: Error) => this.explain(trouble, request.id);
    const text = eventsOf(listening, { leaving, heartbeatMs: this.options.heartbeatMs, inWords });
    return reply.headers(headers).send(Readable.from(text, { objectMode: false }));
  }

  /** Ends them all. */
  close(): void {
    for (const { leave } of this.open) leave();
  }

  private explain(trouble: Error, requestId: string): object {
    const problem = problemOf(trouble);
    if (problem.status === 500) this.parts.log.error({ errorType: trouble.name, requestId }, 'a stream failed');
    return problem.body(requestId);
  }

  /** Takes a place until the answer has ended. Gives the signal that is aborted when the stream must end. */
  private begin(request: FastifyRequest, reply: FastifyReply): AbortSignal {
    const key = keyOfRequest(request);
    const release = this.places.take(key.name);
    const leaving = new AbortController();
    const leave = () => leaving.abort();
    const stream = { key, leave, stopLooking: leaveWhenUnseen(request, leave, this.options.lookMs) };
    const end = () => {
      if (!this.open.delete(stream)) return;
      stream.leave();
      stream.stopLooking();
      release();
      if (this.open.size === 0) clearInterval(this.timer);
    };
    if (this.open.size === 0) this.timer = setInterval(() => this.check(), this.options.checkMs).unref();
    this.open.add(stream);
    reply.raw.once('close', end);
    if (reply.raw.destroyed) end();
    return leaving.signal;
  }

  private check(): void {
    const { keys, isStopping } = this.parts;
    const known = new Set(keys().map(rightsOf));
    for (const { key, leave } of this.open) if (isStopping() || !known.has(rightsOf(key))) leave();
  }
}

/** Another text for a key that is another one, or may do something else. */
function rightsOf({ sha256, role, operations, below }: ApiKey): string {
  return JSON.stringify([sha256, role, operations, below]);
}

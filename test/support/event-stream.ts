import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

export interface StreamEvent {
  /** `message` where the event has no name; `comment` for a line that says only that the stream is there. */
  event: string;
  data: Record<string, unknown>;
}

/** A stream of events as a client hears it. */
export interface HeardStream {
  response: Response;
  /** The next event; undefined when the stream has ended. */
  next(): Promise<StreamEvent | undefined>;
  /** Waits for an event that fits, and answers it. Fails when the stream ends before. */
  until(fits: (event: StreamEvent) => boolean): Promise<StreamEvent>;
  /** Leaves. */
  leave(): void;
}

/** Opens a stream of Server-Sent Events. */
export async function openStream(url: string, secret: string): Promise<HeardStream> {
  const leaving = new AbortController();
  const response = await fetch(url, { headers: { authorization: `Bearer ${secret}` }, signal: leaving.signal });
  const events = eventsIn(response);
  const next = async () => (await events.next()).value ?? undefined;
  return {
    response,
    next,
    async until(fits) {
      for (;;) {
        const event = await next();
        if (event === undefined) throw new Error('the stream has ended');
        if (fits(event)) return event;
      }
    },
    leave: () => leaving.abort(),
  };
}

async function* eventsIn({ body }: Response): AsyncGenerator<StreamEvent, undefined> {
  const input = Readable.fromWeb(body as ReadableStream);
  input.on('error', () => undefined);
  let name = 'message';
  for await (const line of createInterface({ input })) {
    const [, field, value = ''] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    if (field === '') yield { event: 'comment', data: {} };
    if (field === 'event') name = value;
    if (field !== 'data') continue;
    yield { event: name, data: JSON.parse(value) as StreamEvent['data'] };
    name = 'message';
  }
  return undefined;
}

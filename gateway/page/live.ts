import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '../api/problem.js';
import { fragmentOf, type Screen } from './frame.js';
import type { PageParts } from './parts.js';

const LOOK_MS = 500;
/** A proxy closes a connection in which nothing is said. */
const SILENCE_MS = 15_000;
/** How long a browser that was cut off waits, in milliseconds. */
const COME_AGAIN_MS = 2000;

interface Parts extends Pick<PageParts, 'sessionOf' | 'isStopping' | 'streams'> {
  draw(): Promise<Screen>;
}

/**
 * Answers with a stream of events: the changing part of a screen whenever it has changed. `trouble` says why it cannot be
 * read now; `gone` that the visitor is no longer logged in; after `end` nothing changes any more.
 */
export async function serveChanges(request: FastifyRequest, reply: FastifyReply, parts: Parts): Promise<void> {
  const leaving = new AbortController();
  const isFull = await parts.streams.run(async () => {
    reply.raw.once('close', () => leaving.abort());
    const text = Readable.from(changes(request, parts, leaving.signal), { objectMode: false });
    await reply
      .headers({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no', connection: 'close' })
      .send(text);
    if (!reply.raw.destroyed) await new Promise((resolve) => reply.raw.once('close', resolve));
    return false;
  });
  if (isFull === undefined) await reply.code(503).header('retry-after', '5').send();
}

async function* changes(
  request: FastifyRequest,
  { draw, sessionOf, isStopping }: Parts,
  leaving: AbortSignal,
): AsyncGenerator<string> {
  yield `retry: ${COME_AGAIN_MS}\n\n`;
  let told = '';
  let quietMs = 0;
  while (!leaving.aborted && !isStopping()) {
    if (sessionOf(request) === undefined) {
      yield event('gone', '');
      return;
    }
    const { text, isOver } = await momentOf(draw);
    if (text !== told) yield text;
    else if (quietMs >= SILENCE_MS) yield ': still here\n\n';
    quietMs = text === told && quietMs < SILENCE_MS ? quietMs + LOOK_MS : 0;
    told = text;
    if (isOver) {
      yield event('end', '');
      return;
    }
    await sleep(LOOK_MS, undefined, { signal: leaving }).catch(() => undefined);
  }
}

async function momentOf(draw: Parts['draw']): Promise<{ text: string; isOver: boolean }> {
  try {
    const screen = await draw();
    return { text: event('screen', fragmentOf(screen)), isOver: screen.isOver === true };
  } catch (error) {
    const { message, status } = problemOf(error as Error);
    return { text: event('trouble', message), isOver: status < 500 };
  }
}

/** JSON has no line breaks, which would end an event. */
function event(name: string, data: string): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

import type { FastifyInstance, FastifyReply, FastifyRequest, preHandlerAsyncHookHandler } from 'fastify';
import type { Reader } from '../../client/readings.js';
import { checkRole } from '../api/access.js';
import { problemOf } from '../api/problem.js';
import { orSilence } from '../api/streams/events.js';
import { usualPace, type Pace } from '../api/streams/watch.js';
import { Watches } from '../api/streams/watches.js';
import { sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import { serveChanges } from './live.js';
import { readLong } from './long-readings.js';
import type { PageParts } from './parts.js';
import { troubleScreen } from './trouble.js';

/** How long Temporal may take to answer, in milliseconds. */
const ANSWER_MS = 8000;
/** How long a visitor waits for a reading that may take long, in milliseconds. */
const PATIENCE_MS = 3000;

export interface ScreenRoute<Status> {
  path: string;
  /** The part of the page to which it belongs. */
  place?: string;
  /** Fails when the visitor may not see it. */
  check?: preHandlerAsyncHookHandler;
  /** All who look at what has one name share one reading. */
  nameOf(request: FastifyRequest): string;
  read(request: FastifyRequest): Promise<Status>;
  /** Reads it again and again. */
  reader(request: FastifyRequest): Reader<Status>;
  pace?: Pace;
  /** Given where a reading may take long, and limits its own time: what is shown until it is there. */
  drawWaiting?(request: FastifyRequest): Screen;
  draw(request: FastifyRequest, status: Status): Screen;
}

/** Serves a screen, and its changes under `/live`. */
export function addScreen<Status>(app: FastifyInstance, parts: PageParts, route: ScreenRoute<Status>): void {
  const { path, place, read, draw, nameOf, reader, check, drawWaiting, pace = usualPace } = route;
  const watches = new Watches<Status>(pace);
  const inTime = async <T>(act: () => Promise<T>): Promise<T> =>
    await (drawWaiting === undefined ? parts.client.withDeadline(Date.now() + ANSWER_MS, act) : readLong(parts, act));
  const options = { exposeHeadRoute: false, preHandler: [toReaders, ...(check === undefined ? [] : [check])] };
  app.get(path, options, async (request, reply) => {
    const more = { session: sessionIn(request), stream: `/live${request.url}`, ...(place !== undefined && { place }) };
    try {
      const screen = await screenNow(
        route,
        request,
        inTime(async () => await read(request)),
      );
      const { stream, ...rest } = more;
      return sendScreen(reply, screen.status ?? 200, {
        ...screen,
        ...rest,
        ...(screen.isStill !== true && { stream }),
      });
    } catch (error) {
      return sendTrouble(request, reply, error as Error, more);
    }
  });
  app.get(`/live${path}`, options, async (request, reply) => {
    const newReader = (): Reader<Status> => {
      const next = reader(request);
      return async () => await inTime(next);
    };
    const join = async (leaving: AbortSignal) => await watches.join(nameOf(request), newReader, leaving);
    await serveChanges(request, reply, { ...parts, join, draw: (status) => draw(request, status) });
  });
}

/** The screen as it is now, or what is shown until it is there. */
async function screenNow<Status>(
  { draw, drawWaiting }: ScreenRoute<Status>,
  request: FastifyRequest,
  reading: Promise<Status>,
): Promise<Screen> {
  if (drawWaiting === undefined) return draw(request, await reading);
  const status = await orSilence(reading, PATIENCE_MS);
  if (status !== 'silence') return draw(request, status);
  // the stream of the screen says what has gone wrong
  reading.catch(() => undefined);
  return drawWaiting(request);
}

const toReaders: preHandlerAsyncHookHandler = async (request) => {
  checkRole(sessionIn(request).key, 'read');
  return await Promise.resolve();
};

/** A screen that says what went wrong; where it can pass by itself, it comes back by itself. */
export function sendTrouble(
  request: FastifyRequest,
  reply: FastifyReply,
  error: Error,
  { stream, place }: { stream?: string; place?: string } = {},
): FastifyReply {
  const problem = problemOf(error);
  if (problem.status === 500) request.log.error({ errorType: error.name, requestId: request.id }, 'a request failed');
  return sendScreen(reply, problem.status, {
    ...troubleScreen(problem),
    ...(request.session && { session: request.session }),
    ...(problem.status === 503 && stream !== undefined && { stream }),
    ...(place !== undefined && { place }),
  });
}

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemOf } from '../api/problem.js';
import { orSilence } from '../api/streams/events.js';
import type { Places } from '../api/streams/places.js';
import { leaveWhenUnseen } from '../api/streams/unseen.js';
import type { Moment } from '../api/streams/watch.js';
import type { Listening } from '../api/streams/watches.js';
import { bannerText } from './banner.js';
import { sessionIn } from './door.js';
import { fragmentOf, type Screen } from './frame.js';
import type { PageParts } from './parts.js';
import type { Session } from './sessions.js';
import type { Standing } from './standings.js';

/** How often the session is looked at: a key that is revoked counts no longer within ten seconds. */
const CHECK_MS = 1000;
/** How often it is looked whether a visitor still sees what is shown. */
const LOOK_MS = 5000;
const UNSEEN = 'the visitor does not see this any more';
/** A proxy closes a connection in which nothing is said. */
const SILENT_CHECKS = 15;
/** How long a browser that was cut off waits, in milliseconds. */
const COME_AGAIN_MS = 2000;

interface Parts<Status> extends Pick<PageParts, 'sessionOf' | 'isStopping' | 'streams' | 'standings'> {
  join(leaving: AbortSignal): Promise<Listening<Status> | undefined>;
  draw(status: Status): Screen;
}

/**
 * Answers with a stream of events: the changing part of a screen, or the `banner` above it, whenever it has changed. `trouble` says why it cannot be
 * read now; `gone` that the visitor is logged in no longer, or
 * may do something else now; after `end` nothing changes any more.
 */
export async function serveChanges<Status>(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Parts<Status>,
): Promise<void> {
  const release = placeFor(request, parts.streams);
  if (release === undefined) return void (await reply.code(503).header('retry-after', '5').send());
  const leaving = new AbortController();
  try {
    const closed = new Promise((resolve) => reply.raw.once('close', resolve));
    const stopLooking = leaveWhenUnseen(request, () => leaving.abort(UNSEEN), LOOK_MS);
    void closed.then(() => (stopLooking(), leaving.abort()));
    const text = Readable.from(changes(request, parts, leaving.signal), { objectMode: false });
    await reply
      .headers({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no', connection: 'close' })
      .send(text);
    if (!reply.raw.destroyed) await closed;
  } finally {
    release();
  }
}

/** A place for one more stream of this visitor; undefined when there is none. */
function placeFor(request: FastifyRequest, streams: Places): (() => void) | undefined {
  try {
    return streams.take(sessionIn(request).key.name);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

async function* changes<Status>(
  request: FastifyRequest,
  { join, draw, sessionOf, isStopping, standings }: Parts<Status>,
  leaving: AbortSignal,
): AsyncGenerator<string> {
  yield `retry: ${COME_AGAIN_MS}\n\n`;
  const rights = JSON.stringify(sessionOf(request)?.key);
  const news = bannerNews(async () => await standings.of(sessionIn(request).key));
  const isSame = (session: Session | undefined) => session !== undefined && JSON.stringify(session.key) === rights;
  const listening = await join(leaving).catch((error: unknown) => error as Error);
  if (listening instanceof Error) yield troubleText(listening);
  if (listening === undefined || listening instanceof Error) return;
  try {
    for (let moment: Moment<Status> | undefined = listening.first; moment !== undefined;) {
      yield textOf(moment, draw);
      const next: Promise<Moment<Status> | undefined> | undefined = moment.isOver
        ? undefined
        : listening.watch.next(moment.number, leaving);
      if (next === undefined) yield event('end', '');
      moment = yield* heard(next, { news, isAllowed: () => isSame(sessionOf(request)) && !isStopping() });
    }
    if (!isSame(sessionOf(request)) || leaving.reason === UNSEEN) yield event('gone', '');
  } finally {
    listening.leave();
  }
}

/** What comes next; undefined when nothing does, or nobody may hear it any more. */
async function* heard<T>(
  next: Promise<T | undefined> | undefined,
  { isAllowed, news }: { isAllowed(): boolean; news(): Promise<string> },
): AsyncGenerator<string, T | undefined> {
  if (next === undefined) return undefined;
  for (let checks = 1; isAllowed(); checks += 1) {
    const banner = await news();
    if (banner !== '') yield banner;
    const came = await orSilence(next, CHECK_MS);
    if (came !== 'silence') return came;
    if (checks % SILENT_CHECKS === 0) yield ': still here\n\n';
  }
  return undefined;
}

/** The banner as an event, if it is another one than the last time; else nothing. */
function bannerNews(standing: () => Promise<Standing | undefined>): () => Promise<string> {
  let shown: string | undefined;
  return async () => {
    const now = bannerText(await standing());
    if (now === shown) return '';
    shown = now;
    return event('banner', now);
  };
}

function textOf<Status>({ status, trouble }: Moment<Status>, draw: (status: Status) => Screen): string {
  if (trouble !== undefined || status === undefined)
    return troubleText(trouble ?? new Error('There is nothing to read.'));
  return event('screen', fragmentOf(draw(status)));
}

function troubleText(error: Error): string {
  return event('trouble', problemOf(error).message);
}

/** JSON has no line breaks, which would end an event. */
function event(name: string, data: string): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

import type { Moment } from './watch.js';
import type { Listening } from './watches.js';

/** How long a client that was cut off waits before it comes again, in milliseconds. */
const COME_AGAIN_MS = 2000;

export interface Telling {
  /** Aborted when the client leaves, or must. */
  leaving: AbortSignal;
  /** After so much silence a comment says that the stream is there, in milliseconds. */
  heartbeatMs: number;
  /** The body of a problem. */
  inWords(trouble: Error): object;
}

/** The text of a stream of events (Server-Sent Events): the status now, then whenever it changes, until nothing can change. */
export async function* eventsOf<Status>(
  { first, watch }: Listening<Status>,
  { leaving, heartbeatMs, inWords }: Telling,
): AsyncGenerator<string> {
  yield `retry: ${COME_AGAIN_MS}\n\n`;
  for (let moment = first; ;) {
    yield momentText(moment, inWords);
    // a stream that is cut off has no such event, so that the client comes again
    if (moment.isOver === true) {
      yield eventText('end', {});
      return;
    }
    const next = watch.next(moment.number, leaving);
    for (;;) {
      const heard = await orSilence(next, heartbeatMs);
      if (heard === undefined) return;
      if (heard !== 'silence') {
        moment = heard;
        break;
      }
      yield ': still here\n\n';
    }
  }
}

function momentText({ status, trouble }: Moment<unknown>, inWords: Telling['inWords']): string {
  return trouble === undefined ? eventText('message', status) : eventText('unavailable', inWords(trouble));
}

/** An event without a name is a `message` for every client. */
function eventText(event: string, data: unknown): string {
  const name = event === 'message' ? '' : `event: ${event}\n`;
  return `${name}data: ${JSON.stringify(data)}\n\n`;
}

/** What comes, or that nothing has come for a while. */
export async function orSilence<T>(what: Promise<T>, ms: number): Promise<T | 'silence'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silence'>((resolve) => (timer = setTimeout(() => resolve('silence'), ms)));
  try {
    return await Promise.race([what, silence]);
  } finally {
    clearTimeout(timer);
  }
}

import { Faults } from './faults.js';
import { handleCall } from './handle-call.js';
import { Journal } from './journal.js';
import type { Reply } from './router.js';
import { withDate, dripped, textAndHeaders } from './server.js';
import type { SimulatorState } from './simulator.js';
import { Untidiness } from './untidy.js';

/** A `fetch` for what people do in the console: without faults and untidiness, and not in the journal. */
export function consoleFetchFrom(state: SimulatorState): typeof fetch {
  const quiet = { faults: new Faults(), journal: new Journal(), untidiness: new Untidiness(undefined) };
  return fetchFrom({ ...state, ...quiet, latencyMs: 0 });
}

/**
 * A `fetch` that needs no network. `onArrival` is called just before the journal gets the call: never if the caller has
 * given up before.
 */
export function fetchFrom(state: SimulatorState, onArrival?: () => void): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const heard = {
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      text: await request.text(),
    };
    request.signal.throwIfAborted();
    onArrival?.();
    const outcome = await Promise.race([handleCall(state, heard), never(request.signal)]);
    if (outcome === 'silence') return await never(request.signal);
    if (outcome === 'broken') throw new TypeError('fetch failed', { cause: { code: 'UND_ERR_SOCKET' } });
    const { text, headers } = textAndHeaders(withDate(state, outcome));
    return new Response(bodyOf(outcome, text), { status: outcome.status, headers });
  };
}

function bodyOf({ status, dripMs }: Reply, text: string): string | ReadableStream | null {
  if (status === 204) return null;
  return dripMs === undefined ? text : ReadableStream.from(dripped(text, dripMs));
}

async function never(signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

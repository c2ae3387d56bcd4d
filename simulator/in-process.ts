import { handleCall } from './handle-call.js';
import { Faults } from './faults.js';
import { Journal } from './journal.js';
import type { Reply } from './router.js';
import { withDate, dripped, textAndHeaders } from './server.js';
import { createState, publicView, type SimulatorOptions, type SimulatorState } from './simulator.js';
import { Untidiness } from './untidy.js';

/** A simulator without a socket. Code that uses its `fetch` instead of Node's talks to it. */
export type InProcessSimulator = ReturnType<typeof createInProcessSimulator>;

/** Creates a simulator that listens on no port: everything happens in this process, without a network. */
export function createInProcessSimulator(options: Omit<SimulatorOptions, 'host' | 'port'> = {}) {
  const state = createState(options);
  state.url = 'http://simulator.invalid';
  const quiet = { faults: new Faults(), journal: new Journal(), untidiness: new Untidiness(undefined) };
  const aside = { ...state, ...quiet, latencyMs: 0 };
  return {
    ...publicView(state, options),
    fetch: fetchFrom(state),
    /** As `fetch`, for what people do in the console: without faults, and not in the journal. */
    consoleFetch: fetchFrom(aside),
    /** Everything that it stores, to compare one world with another. */
    memory: state.world,
  };
}

function fetchFrom(state: SimulatorState): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const heard = {
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      text: await request.text(),
    };
    request.signal.throwIfAborted();
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

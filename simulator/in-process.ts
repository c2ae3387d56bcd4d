import { exchange } from './exchange.js';
import { Faults } from './faults.js';
import { Journal } from './journal.js';
import type { Reply } from './router.js';
import { dated, pieces, written } from './server.js';
import { createState, face, type Simulator, type SimulatorOptions, type State } from './simulator.js';
import { Untidiness } from './untidy.js';
import type { World } from './world.js';

/** The imitation without a socket: whoever is given its `fetch` in place of Node's own talks to it. */
export interface InProcessSimulator extends Omit<Simulator, 'close'> {
  fetch: typeof fetch;
  /** The same for people besides: no fault is for them, and nobody counts their calls. */
  aside: typeof fetch;
  /** All that it remembers, for whoever compares one world with another. */
  memory: World;
}

/** Makes an imitation that listens nowhere: all that happens happens in this process, without waiting for a network. */
export function createInProcessSimulator(options: Omit<SimulatorOptions, 'host' | 'port'> = {}): InProcessSimulator {
  const state = createState(options);
  state.url = 'http://simulator.invalid';
  const quiet = { faults: new Faults(), journal: new Journal(), untidiness: new Untidiness(undefined) };
  const aside = { ...state, ...quiet, latencyMs: 0 };
  return { ...face(state, options), fetch: fetchFrom(state), aside: fetchFrom(aside), memory: state.world };
}

function fetchFrom(state: State): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const heard = {
      method: request.method,
      url: new URL(request.url),
      headers: Object.fromEntries(request.headers),
      text: await request.text(),
    };
    request.signal.throwIfAborted();
    const outcome = await Promise.race([exchange(state, heard), never(request.signal)]);
    if (outcome === 'silence') return await never(request.signal);
    if (outcome === 'broken') throw new TypeError('fetch failed', { cause: { code: 'UND_ERR_SOCKET' } });
    const { text, headers } = written(dated(state, outcome));
    return new Response(bodyOf(outcome, text), { status: outcome.status, headers });
  };
}

function bodyOf({ status, dripMs }: Reply, text: string): string | ReadableStream | null {
  if (status === 204) return null;
  return dripMs === undefined ? text : ReadableStream.from(pieces(text, dripMs));
}

async function never(signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

import { fetchFrom } from './fetch.js';
import { createState, publicView, type SimulatorOptions } from './simulator.js';

/** A simulator without a socket. Code that uses its `fetch` instead of Node's talks to it. */
export type InProcessSimulator = ReturnType<typeof createInProcessSimulator>;

/** Creates a simulator that listens on no port: everything happens in this process, without a network. */
export function createInProcessSimulator(options: Omit<SimulatorOptions, 'host' | 'port'> = {}) {
  const state = createState(options);
  state.url = 'http://simulator.invalid';
  return {
    ...publicView(state, options),
    fetch: fetchFrom(state),
    /** The same, and calls `onArrival` just before a call gets the next number of the journal. */
    fetchWith: (onArrival: () => void) => fetchFrom(state, onArrival),
    /** Everything that it stores, to compare one world with another. */
    memory: state.world,
  };
}

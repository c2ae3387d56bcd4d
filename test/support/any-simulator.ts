import type { Simulator } from '../../simulator/index.js';

/** A simulator, with or without a socket. */
export type AnySimulator = Omit<Simulator, 'close'>;

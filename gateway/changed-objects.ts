import type { Reading } from '../sources/kind.js';

type Changed = Extract<Reading, { says: 'changed' }>;

/**
 * What is done with an event that only says that an object has changed: its state must be read from the sender's API,
 * and nothing here does that yet. So the event is answered as ignored, with this reason.
 */
export function ignoreChanged({ object }: Changed): string {
  return `the event says only that ${object.type} ${object.id} has changed, and the sender's API is not read yet`;
}
